// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayBucketOptions } from "./ray-bucket-options";
import type { RayPolicyOptions } from "./ray-policy-options";
import type { RaySecretOptions } from "./ray-secret-options";

/**
 * What Ray's pods may reach in AWS. From it follow their IAM role and its boundary, their service account, the network policy,
 * the VPC endpoints, and the rights on KMS keys. The bootstrap stack is applied again after a change: it holds the boundary.
 */
export interface RayDataOptions {
  /**
   * S3 buckets.
   * @default - none
   */
  readonly buckets?: RayBucketOptions[];
  /**
   * Secrets.
   * @default - none
   */
  readonly secrets?: RaySecretOptions[];
  /**
   * Further actions. Name the services' endpoints in `network.additionalEndpoints`.
   * @default - none
   */
  readonly policies?: RayPolicyOptions[];
}
