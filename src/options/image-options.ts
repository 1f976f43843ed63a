// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Where container images are pulled from. */
export interface ImageOptions {
  /**
   * Registry and path prefix that holds a mirror of every image, such as `registry.example.com/mirror`. It must be
   * reachable from the nodes, whose egress is limited to private ranges and S3: the images' own registries are not.
   * @default - this account's ECR in the environment's region
   */
  readonly registry?: string;
  /**
   * Path prefix of repositories in this account's ECR. Environments of one account and region that name the same prefix
   * share its repositories; the first of them makes them.
   * @default - the project's name, a slash, and the environment's name
   */
  readonly repositoryPrefix?: string;
}
