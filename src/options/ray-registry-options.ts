// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A container registry of your own that Ray's images are pulled from as they are named, without a mirror. */
export interface RayRegistryOptions {
  /**
   * Host of the registry, with or without a path, such as `harbor.acme.internal/ml`. Nodes must reach it at a private
   * address.
   */
  readonly registry: string;
  /**
   * Kubernetes secret of Ray's namespace that holds the credentials (type `kubernetes.io/dockerconfigjson`). The nodes' own
   * role pulls from ECR.
   * @default - none
   */
  readonly pullSecret?: string;
}
