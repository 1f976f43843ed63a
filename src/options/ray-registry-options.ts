// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Your own container registry. Ray's images are pulled from it as they are named, without a mirror. */
export interface RayRegistryOptions {
  /**
   * Host of the registry, with or without a path, such as `harbor.acme.internal/ml`. Nodes must be able to reach it at
   * a private address.
   */
  readonly registry: string;
  /**
   * Kubernetes secret in Ray's namespace with the credentials (type `kubernetes.io/dockerconfigjson`). For ECR,
   * the nodes' role has access without one.
   * @default - none
   */
  readonly pullSecret?: string;
}
