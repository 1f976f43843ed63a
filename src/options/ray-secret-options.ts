// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A secret of Secrets Manager, in the environment's account and region, whose value Ray's pods read. */
export interface RaySecretOptions {
  /** Name of the secret, such as `ray/hugging-face`. */
  readonly name: string;
  /**
   * ARN of the KMS key that encrypts it, if it is your own.
   * @default - the account's own key for Secrets Manager
   */
  readonly kmsKeyArn?: string;
}
