// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** GPU of the default GPU pool. Each stands for instance types with the same number of GPUs. */
export enum Accelerator {
  /** No GPU pool. */
  NONE = "none",
  /** NVIDIA T4, 1 GPU a node. */
  G4DN = "g4dn",
  /** NVIDIA A10G, 1 GPU a node. */
  G5 = "g5",
  /** NVIDIA T4G on ARM (Graviton2), 1 GPU a node. Needs an image built for ARM. */
  G5G = "g5g",
  /** NVIDIA L4, 1 GPU a node. */
  G6 = "g6",
  /** NVIDIA A100, 8 GPUs a node, EFA. */
  P4D = "p4d",
  /** NVIDIA H100, 8 GPUs a node, EFA. */
  P5 = "p5",
}
