// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { DataAccess } from "./data-access";

/** An S3 bucket of the environment's region that Ray's pods work with. The platform does not create it. */
export interface RayBucketOptions {
  /** Name of the bucket. */
  readonly name: string;
  /**
   * Prefixes of its objects, each ending with a slash, such as `datasets/`.
   * @default - the whole bucket
   */
  readonly prefixes?: string[];
  /**
   * What pods may do there.
   * @default DataAccess.READ
   */
  readonly access?: DataAccess;
  /**
   * ARN of the KMS key that encrypts the bucket's objects, if it is your own. Its policy must leave access to IAM.
   * @default - objects are encrypted by S3's own keys
   */
  readonly kmsKeyArn?: string;
}
