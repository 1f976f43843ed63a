// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { partitionOf } from "../partition";
import type { NetworkConfig } from "../platform-config";
import { type PolicyStatement, policyDocument } from "../policy-document";
import type { Vpc } from "./vpc";

export interface VpcEndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly network: NetworkConfig;
  readonly vpc: Vpc;
  /**
   * The account whose principals alone may pass the endpoints that data passes, S3's and that of Secrets Manager; undefined
   * where every principal may. Ray's code sees data where the options name some, so it must not carry it off with credentials
   * that somebody else gave it.
   */
  readonly onlyAccountId: string | undefined;
}

/** Services whose endpoints data passes. */
const dataServices = ["s3", "secretsmanager"];

/**
 * How nodes and pods reach AWS without the internet (controls NET-05, TLS-01): S3, and one interface endpoint for each
 * service that the chosen features call, behind a security group that admits 443 from the node subnets only.
 */
export class VpcEndpoints extends Construct {
  /** The gateway endpoint for S3; undefined when S3 is reached through an interface endpoint. */
  public readonly s3Gateway: VpcEndpoint | undefined;
  public readonly interfaceEndpoints: readonly VpcEndpoint[];
  public readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { name, region, network, vpc, onlyAccountId }: VpcEndpointsProps) {
    super(scope, id);
    const vpcId = vpc.vpc.id;
    this.securityGroup = new SecurityGroup(this, "security-group", {
      name: `${name}-vpc-endpoints`,
      description: "VPC endpoints: HTTPS from node subnets",
      vpcId,
      tags: { Name: `${name}-vpc-endpoints` },
    });
    network.nodeSubnetCidrs.forEach((cidr, index) => {
      new VpcSecurityGroupIngressRule(this, `from-nodes-${network.availabilityZones[index]}`, {
        securityGroupId: this.securityGroup.id,
        description: `HTTPS from the node subnet in ${network.availabilityZones[index]}`,
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      });
    });

    if (network.s3Access === "gateway") {
      this.s3Gateway = new VpcEndpoint(this, "s3", {
        vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: vpc.routeTables.map((table) => table.id),
        policy: s3Policy(region, onlyAccountId),
        tags: { Name: `${name}-s3` },
      });
    }
    const services =
      network.s3Access === "interface" ? [...network.interfaceEndpoints, "s3"] : network.interfaceEndpoints;
    this.interfaceEndpoints = [...new Set(services)].map(
      (service) =>
        new VpcEndpoint(this, service, {
          vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          // The private name of an S3 interface endpoint works without a gateway endpoint next to it only if this is false.
          ...(service === "s3" ? { dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false } } : {}),
          ...(onlyAccountId === undefined || !dataServices.includes(service)
            ? {}
            : { policy: service === "s3" ? s3Policy(region, onlyAccountId) : accountPolicy(service, onlyAccountId) }),
          subnetIds: vpc.nodeSubnets.map((subnet) => subnet.id),
          securityGroupIds: [this.securityGroup.id],
          tags: { Name: `${name}-${service}` },
        }),
    );
  }
}

/**
 * S3, never in clear text: any bucket that IAM admits, or for principals of one account only. ECR's layers and the packages of
 * Amazon Linux are in AWS's own buckets, which nodes read without credentials of this account.
 */
function s3Policy(region: string, onlyAccountId: string | undefined): string {
  const partition = partitionOf(region);
  const ofAws = [`prod-${region}-starport-layer-bucket`, `al2023-repos-${region}-de612dc2`];
  return policyDocument([
    ...(onlyAccountId === undefined
      ? [{ Sid: "AllowByIam", Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" } as const]
      : [
          ownPrincipals("s3", onlyAccountId),
          {
            Sid: "BucketsOfAws",
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: ofAws.map((bucket) => `arn:${partition}:s3:::${bucket}/*`),
          } as const,
        ]),
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

function accountPolicy(service: string, accountId: string): string {
  return policyDocument([ownPrincipals(service, accountId)]);
}

function ownPrincipals(service: string, accountId: string): PolicyStatement {
  return {
    Sid: "OwnPrincipals",
    Effect: "Allow",
    Principal: "*",
    Action: `${service}:*`,
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": accountId } },
  };
}
