// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { NodePoolOptions } from "./node-pool-options";

/** The GPU pool and its on-demand fallback. */
export interface GpuPoolOptions extends NodePoolOptions {
  /**
   * Make a second pool of the same types on demand, which the autoscaler uses when spot capacity cannot be had.
   * @default true
   */
  readonly onDemandFallback?: boolean;
  /**
   * Most nodes of the fallback pool.
   * @default - 2; 1 where both pools together need three nodes or fewer
   */
  readonly fallbackMaxSize?: number;
}
