// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { clusterRolePolicies } from "../managed-policies";
import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument } from "../policy-document";
import type { EncryptionKey } from "./encryption-key";
import { clusterLogGroupName } from "./log-group-name";

export interface ControlPlaneProps {
  readonly environment: EnvironmentConfig;
  readonly key: EncryptionKey;
  readonly subnetIds: string[];
}

/** The EKS control plane (controls EKS-01 to EKS-04, KMS-01, KMS-06). */
export class ControlPlane extends Construct {
  public readonly cluster: EksCluster;
  public readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { environment, key, subnetIds }: ControlPlaneProps) {
    super(scope, id);
    const { cluster, region, production } = environment;
    const permissions = [
      ...clusterRolePolicies.map(
        (policy) =>
          new IamRolePolicyAttachment(this, policy, {
            role: key.clusterRole.name,
            policyArn: `arn:${partitionOf(region)}:iam::aws:policy/${policy}`,
          }),
      ),
      // For a given key, whose policy is not ours, and to quiet the control plane's denied kms:ListGrants calls.
      new IamRolePolicy(this, "cluster-encryption", {
        name: "cluster-encryption",
        role: key.clusterRole.name,
        policy: policyDocument([
          {
            Sid: "EncryptSecrets",
            Effect: "Allow",
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
            Resource: key.arn,
          },
        ]),
      }),
    ];
    // Made before the cluster: otherwise EKS makes it itself, unencrypted and kept for ever.
    this.logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: clusterLogGroupName(cluster.name),
      retentionInDays: cluster.logRetentionDays,
      kmsKeyId: key.arn,
      // EKS writes a last line after the cluster is gone and would create the group again.
      skipDestroy: production,
    });
    const isPublic = cluster.publicAccessCidrs.length > 0;
    this.cluster = new EksCluster(this, "cluster", {
      name: cluster.name,
      version: cluster.version,
      roleArn: key.clusterRole.arn,
      enabledClusterLogTypes: [...cluster.logTypes],
      deletionProtection: cluster.deletionProtection,
      // The add-ons come in two waves of our own, before and after the nodes.
      bootstrapSelfManagedAddons: false,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      vpcConfig: {
        subnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        publicAccessCidrs: isPublic ? [...cluster.publicAccessCidrs] : undefined,
      },
      kubernetesNetworkConfig: cluster.serviceCidr === null ? undefined : { serviceIpv4Cidr: cluster.serviceCidr },
      lifecycle: { preventDestroy: production },
      dependsOn: [...permissions, this.logGroup],
    });
  }

  /** The security group that EKS makes for the control plane's network interfaces. */
  public get securityGroupId(): string {
    return this.cluster.vpcConfig.clusterSecurityGroupId;
  }
}
