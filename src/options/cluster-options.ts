// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The EKS cluster of an environment. */
export interface ClusterOptions {
  /**
   * IPv4 ranges that may reach the public API endpoint. The private endpoint is always on.
   * @default - no public endpoint
   */
  readonly publicAccessCidrs?: string[];
  /**
   * ARN of a KMS key for Kubernetes secrets and log groups. Its policy must admit the cluster role and CloudWatch Logs.
   * Decide before the cluster is created: EKS does not change the key of an existing one.
   * @default - a key with rotation is created
   */
  readonly kmsKeyArn?: string;
  /**
   * Days that control-plane logs are kept. A value that CloudWatch Logs accepts.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /**
   * Range of Kubernetes services: RFC 1918, from /12 to /24, apart from the VPC's range.
   * @default - chosen by EKS
   */
  readonly serviceCidr?: string;
  /**
   * IAM role or user ARNs that administer the cluster through access entries, in addition to the roles that `access` and
   * `githubOwner` make.
   * @default - none
   */
  readonly adminPrincipalArns?: string[];
  /**
   * IAM role or user ARNs that may read the cluster through access entries, in addition to the role that `access` makes.
   * @default - none
   */
  readonly viewerPrincipalArns?: string[];
  /**
   * Refuse to delete the cluster.
   * @default - true for a production environment
   */
  readonly deletionProtection?: boolean;
  /**
   * ARN of an IAM policy to set as permissions boundary on every role, those of the bootstrap stack included.
   * @default - a boundary that the bootstrap stack makes, on every role that the other stacks make
   */
  readonly permissionsBoundaryArn?: string;
}
