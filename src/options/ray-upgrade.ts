// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What a deployment does with the running Ray cluster when it changes the Ray version, an image or a pod. */
export enum RayUpgrade {
  /** Fails before anything is changed if a job runs on the cluster; otherwise recreates all its pods. */
  REFUSE = "refuse",
  /** Waits up to 30 minutes until no job runs, then recreates all pods; fails before anything is changed if one still runs. */
  DRAIN = "drain",
  /** Recreates all pods at once, and so ends every job. */
  RECREATE = "recreate",
}
