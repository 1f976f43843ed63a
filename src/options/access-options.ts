// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Who may enter an environment, and the most that the roles of its pods may reach. */
export interface AccessOptions {
  /**
   * Make IAM roles for people in the bootstrap stack: `<cluster>-administrator`, `<cluster>-ray-user` and
   * `<cluster>-viewer`, each with an access entry. Without them, `cluster.adminPrincipalArns` or `githubOwner` must
   * name someone who can reach the cluster.
   * @default true
   */
  readonly createRoles?: boolean;
  /**
   * IAM role or user ARNs that may assume the administrator's role. A permission set of IAM Identity Center is named by
   * `arn:aws:iam::ACCOUNT:role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_NAME_*`, without `REGION/` where
   * Identity Center is in us-east-1.
   * @default - identities of the account whose own policies allow `sts:AssumeRole` on it
   */
  readonly administratorPrincipalArns?: string[];
  /**
   * IAM role or user ARNs that may assume the role of Ray's users, in the same forms.
   * @default - identities of the account whose own policies allow `sts:AssumeRole` on it
   */
  readonly rayUserPrincipalArns?: string[];
  /**
   * IAM role or user ARNs that may assume the viewer's role, in the same forms.
   * @default - identities of the account whose own policies allow `sts:AssumeRole` on it
   */
  readonly viewerPrincipalArns?: string[];
  /**
   * Admit only sessions that AWS itself authenticated with MFA. Sessions of IAM Identity Center never count as such:
   * require MFA there instead.
   * @default false
   */
  readonly requireMfa?: boolean;
  /**
   * S3 buckets that roles of pods may be given access to, at most four. The permissions boundary of the stacks' roles
   * admits no others.
   * @default - the bucket of `backupBucket` only
   */
  readonly podBuckets?: string[];
}
