// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { App } from "cdktf";
import { FlowLogs } from "./network/flow-logs";
import { Vpc } from "./network/vpc";
import { VpcEndpoints } from "./network/vpc-endpoints";
import { networkViolations } from "./network/validation";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import { RoleBoundary } from "./role-boundary";
import type { NetworkOutputs } from "./stack-contracts";
import { publishOutputs } from "./stack-outputs";

/** VPC with private node subnets, VPC endpoints and flow logs. Needs only AWS APIs, so a hosted runner can apply it. */
export class NetworkStack extends PlatformStack {
  public readonly vpc: Vpc;
  public readonly endpoints: VpcEndpoints;
  public readonly flowLogs: FlowLogs;

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig) {
    super(app, platform, environment, "network");
    const { network, cluster } = environment;
    this.validate(() => networkViolations(environment.name, network));
    const accountId = new DataAwsCallerIdentity(this, "account").accountId;
    RoleBoundary.applyTo(this, environment, accountId);
    const withoutTags = new AwsProvider(this, "aws-without-tags", { ...this.awsAccount, alias: "without-tags" });
    this.vpc = new Vpc(this, "vpc", { name: cluster.name, network, withoutTags });
    this.endpoints = new VpcEndpoints(this, "endpoints", {
      name: cluster.name,
      region: environment.region,
      network,
      vpc: this.vpc,
      onlyAccountId: environment.ray.identities.length > 0 ? accountId : undefined,
    });
    this.flowLogs = new FlowLogs(this, "flow-logs", { environment, accountId, vpcId: this.vpc.vpc.id });
    publishOutputs<NetworkOutputs>(this, {
      vpc_id: this.vpc.vpc.id,
      node_subnet_ids: Object.fromEntries(
        this.vpc.nodeSubnets.map((subnet, index) => [network.availabilityZones[index], subnet.id]),
      ),
      prefix_list_ids: this.endpoints.s3Gateway === undefined ? {} : { s3: this.endpoints.s3Gateway.prefixListId },
    });
  }
}
