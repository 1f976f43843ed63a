// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Operating system of nodes. AMIs come from EKS and are replaced by node group updates. */
export enum NodeOs {
  /** Amazon Linux 2023. */
  AL2023 = "al2023",
  /** Bottlerocket: read-only root, no shell. */
  BOTTLEROCKET = "bottlerocket",
}
