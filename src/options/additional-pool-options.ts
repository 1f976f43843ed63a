// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { NodePoolOptions } from "./node-pool-options";

/** A pool in addition to the CPU and GPU pools. Its instance types decide whether it has GPUs. */
export interface AdditionalPoolOptions extends NodePoolOptions {
  /** Name: lower-case letters, digits and hyphens, at most 20 characters; not `cpu`, `gpu` or `gpu-on-demand`. */
  readonly name: string;
}
