// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { accountRootStatement } from "../account-root-statement";
import { keyAlias } from "../key-alias";
import { logEncryptionStatement } from "../log-encryption-statement";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument } from "../policy-document";
import { clusterLogGroupName } from "./log-group-name";

export interface EncryptionKeyProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
}

/**
 * The key for Kubernetes secrets and the cluster's logs (controls KMS-01 to KMS-06), and the cluster role that uses it: a key
 * policy can only name a role that exists.
 */
export class EncryptionKey extends Construct {
  public readonly arn: string;
  public readonly clusterRole: IamRole;
  /** Undefined when the options give a key. */
  public readonly key: KmsKey | undefined;

  constructor(scope: Construct, id: string, { environment, accountId }: EncryptionKeyProps) {
    super(scope, id);
    const { cluster, region, production } = environment;
    this.clusterRole = new IamRole(this, "cluster-role", {
      name: `${cluster.name}-cluster`,
      description: `EKS control plane of ${cluster.name}`,
      assumeRolePolicy: policyDocument([
        { Sid: "Eks", Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
    });
    if (cluster.kmsKeyArn !== null) {
      this.arn = cluster.kmsKeyArn;
      return;
    }
    this.key = new KmsKey(this, "key", {
      description: `Kubernetes secrets and logs of ${cluster.name}`,
      keyUsage: "ENCRYPT_DECRYPT",
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: policyDocument([
        accountRootStatement(region, accountId),
        {
          Sid: "ClusterRole",
          Effect: "Allow",
          Principal: { AWS: this.clusterRole.arn },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:CreateGrant", "kms:ListGrants"],
          Resource: "*",
        },
        logEncryptionStatement(region, accountId, clusterLogGroupName(cluster.name)),
      ]),
      // A cluster whose key is gone cannot be recovered.
      lifecycle: { preventDestroy: production },
    });
    new KmsAlias(this, "alias", { name: keyAlias(cluster.name, "secrets"), targetKeyId: this.key.keyId });
    this.arn = this.key.arn;
  }
}
