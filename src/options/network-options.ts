// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { NatMode } from "./nat-mode";
import type { S3Access } from "./s3-access";

/** The VPC of an environment: made by the network stack, or given by `vpcId`. */
export interface NetworkOptions {
  /**
   * Id of an existing VPC, `vpc-` and 8 or 17 hexadecimal digits. There is then no network stack, and `subnetIds`,
   * `availabilityZones` and `vpcCidr` are required; the VPC's owner is responsible for endpoints and flow logs.
   * @default - a VPC is created
   */
  readonly vpcId?: string;
  /**
   * Ids of existing private subnets in at least two zones. Only with `vpcId`.
   * @default - subnets are created
   */
  readonly subnetIds?: string[];
  /**
   * IPv4 range of the VPC: within RFC 1918, from /16 to /20. For an existing VPC, its range.
   * @default "10.0.0.0/16"
   */
  readonly vpcCidr?: string;
  /**
   * Names of the zones to use, two to four, all in the environment's region, such as `eu-west-1a`. With `vpcId`, the
   * zones of `subnetIds`.
   * @default - the region's first three zones; required with `vpcId`
   */
  readonly availabilityZones?: string[];
  /**
   * NAT gateways, with small public subnets for them.
   * @default NatMode.NONE
   */
  readonly nat?: NatMode;
  /**
   * How nodes reach Amazon S3.
   * @default S3Access.GATEWAY
   */
  readonly s3Access?: S3Access;
  /**
   * Additional interface endpoints, by service name without region, such as `bedrock-runtime`; for S3, see `s3Access`.
   * @default - only those that the chosen features need
   */
  readonly additionalEndpoints?: string[];
  /**
   * Days that VPC flow logs are kept. A value that CloudWatch Logs accepts, 365 or more to satisfy common audits.
   * @default 365
   */
  readonly flowLogRetentionDays?: number;
}
