// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayDataOptions } from "./ray-data-options";

/** A group of equal Ray workers. */
export interface RayWorkerGroupOptions {
  /** Name: lower-case letters, digits and hyphens, at most 40 characters. */
  readonly name: string;
  /**
   * Pool that the workers run on: `cpu`, `gpu` (spot with its fallback), or the name of an additional pool.
   * @default "cpu"
   */
  readonly pool?: string;
  /**
   * Cores of a worker. Must fit a node of the pool along with its daemon sets.
   * @default - as many whole cores as fit, at most `policyLimits.maxCpuPerWorker`
   */
  readonly cpu?: number;
  /**
   * Memory of a worker in GiB. Must fit a node of the pool.
   * @default - as many whole GiB as fit, at most `policyLimits.maxMemoryGibPerWorker`
   */
  readonly memoryGib?: number;
  /**
   * GPUs of a worker.
   * @default - as many as a node of the pool has, at most `policyLimits.maxGpuPerWorker`
   */
  readonly gpus?: number;
  /**
   * Fewest workers.
   * @default 0
   */
  readonly minReplicas?: number;
  /**
   * Workers at creation.
   * @default - `minReplicas`
   */
  readonly replicas?: number;
  /**
   * Most workers.
   * @default - as many as the pool's nodes hold, within the policy limits
   */
  readonly maxReplicas?: number;
  /**
   * Hosts of one replica, for models that span nodes.
   * @default 1
   */
  readonly numOfHosts?: number;
  /**
   * Image with tag, for the pool's architecture.
   * @default - the Ray image of `ray.version` for the pool's architecture and GPUs
   */
  readonly image?: string;
  /**
   * What its workers may reach in AWS, instead of `ray.data`; `{}` for nothing.
   * @default - `ray.data`
   */
  readonly data?: RayDataOptions;
  /**
   * Additional parameters of `ray start`, without dashes.
   * @default - none
   */
  readonly rayStartParams?: { [key: string]: string };
}
