// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Where container images are pulled from. */
export interface ImageOptions {
  /**
   * Registry and path prefix that has a mirror of every image, such as `registry.example.com/mirror`. Nodes must reach
   * it: their egress is limited to private ranges and S3, so the images' own registries cannot be used.
   * @default - this account's ECR in the environment's region
   */
  readonly registry?: string;
  /**
   * First part of the path of repositories in this account's ECR; the environment's name follows, so that no environment
   * can change the images of another. Not together with `registry`.
   * @default - the project's name
   */
  readonly repositoryPrefix?: string;
}
