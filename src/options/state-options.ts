// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Remote Terraform state in S3. */
export interface StateOptions {
  /**
   * Bucket name, unique in all of AWS.
   * @default - owner, project, environment and account id, as far as they are given
   */
  readonly bucket?: string;
  /**
   * Region of the bucket and of its key, one of `allowedRegions`.
   * @default - the environment's region
   */
  readonly region?: string;
}
