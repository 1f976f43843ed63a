// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { NodePoolOptions } from "./node-pool-options";

/** The GPU pool and its on-demand fallback. */
export interface GpuPoolOptions extends NodePoolOptions {
  /**
   * Create a second, on-demand pool of the same types, which the autoscaler uses when there is no spot capacity.
   * @default true
   */
  readonly onDemandFallback?: boolean;
  /**
   * Most nodes of the fallback pool.
   * @default - 2; 1 where both pools together need three nodes or fewer
   */
  readonly fallbackMaxSize?: number;
}
