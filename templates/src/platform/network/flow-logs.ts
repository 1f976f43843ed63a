// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { accountRootStatement } from "../account-root-statement";
import { keyAlias } from "../key-alias";
import { logEncryptionStatement } from "../log-encryption-statement";
import { dnsSuffixOf, partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument } from "../policy-document";

export interface FlowLogsProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly vpcId: string;
}

/**
 * All VPC traffic to an encrypted log group (control NET-06). The network exists before the cluster and its key, so the log
 * group has a key of its own unless the options give one.
 */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, { environment, accountId, vpcId }: FlowLogsProps) {
    super(scope, id);
    const { region, cluster, network } = environment;
    const logGroupName = `/aws/vpc/${cluster.name}/flow-logs`;
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: logGroupName,
      retentionInDays: network.flowLogRetentionDays,
      kmsKeyId: cluster.kmsKeyArn ?? this.key(environment, accountId, logGroupName).arn,
    });
    const role = new IamRole(this, "role", {
      name: `${cluster.name}-flow-logs`,
      description: "VPC flow logs to CloudWatch Logs",
      assumeRolePolicy: policyDocument([
        {
          Sid: "FlowLogs",
          Effect: "Allow",
          Principal: { Service: `vpc-flow-logs.${dnsSuffixOf(region)}` },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:${partitionOf(region)}:ec2:${region}:${accountId}:vpc-flow-log/*` },
          },
        },
      ]),
    });
    const delivery = new IamRolePolicy(this, "delivery", {
      name: "deliver-flow-logs",
      role: role.name,
      policy: policyDocument([
        {
          Sid: "Deliver",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: `${logGroup.arn}:*`,
        },
      ]),
    });
    new FlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: cluster.name },
      dependsOn: [delivery],
    });
  }

  private key({ region, cluster }: EnvironmentConfig, accountId: string, logGroupName: string): KmsKey {
    const key = new KmsKey(this, "key", {
      description: `VPC flow logs of ${cluster.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: policyDocument([
        accountRootStatement(region, accountId),
        logEncryptionStatement(region, accountId, logGroupName),
      ]),
    });
    new KmsAlias(this, "alias", { name: keyAlias(cluster.name, "flow-logs"), targetKeyId: key.keyId });
    return key;
  }
}
