// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayBucketOptions } from "./ray-bucket-options";
import type { RayPolicyOptions } from "./ray-policy-options";
import type { RaySecretOptions } from "./ray-secret-options";

/**
 * What Ray's pods may reach in AWS. Their IAM role and its boundary, their service account, the network policy, the VPC
 * endpoints and the rights on KMS keys are derived from it. Apply the bootstrap stack again after a change, because it
 * holds the boundary.
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
   * Other actions. List the services' endpoints in `network.additionalEndpoints`.
   * @default - none
   */
  readonly policies?: RayPolicyOptions[];
}
