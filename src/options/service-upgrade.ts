// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What KubeRay does with the cluster of a RayService when the Ray version, an image or a pod changes. */
export enum ServiceUpgrade {
  /** Starts a second cluster, and moves the service to it when it is ready. Both must fit the pools. */
  NEW_CLUSTER = "new-cluster",
  /** Keeps the cluster as it is; only the Serve configuration changes. The guide says how to replace it with an interruption. */
  NONE = "none",
}
