// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A container registry of your own that Ray's images are pulled from as they are named, without a mirror. */
export interface RayRegistryOptions {
  /**
   * Host of the registry, with or without a path, such as `harbor.acme.internal/ml`. Nodes must be able to reach it at
   * a private address.
   */
  readonly registry: string;
  /**
   * Kubernetes secret in Ray's namespace that holds the credentials (type `kubernetes.io/dockerconfigjson`). For ECR,
   * the nodes' role has access without one.
   * @default - none
   */
  readonly pullSecret?: string;
}
