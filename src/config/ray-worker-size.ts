// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import { checkNumber } from "./patterns";
import type { NodePoolConfig, RayLimits } from "./platform-config";

/** What one worker asks of its node. */
export interface WorkerSize {
  /** Cores. */
  readonly cpu: number;
  readonly memoryGib: number;
  readonly gpus: number;
}

/** A worker's size: by default all of a node next to its daemon sets, within the limits; of what is given, that it fits. */
export function resolveWorkerSize(
  group: RayWorkerGroupOptions,
  pool: NodePoolConfig,
  limits: RayLimits,
  at: (field: string) => string,
  issues: IssueList,
): WorkerSize {
  const size = withDefaults(group, pool.node, limits);
  for (const bound of boundsOf(pool.node, limits)) {
    checkBound(size[bound.field], bound, pool, at, issues);
  }
  if (size.gpus === 0 && pool.node.gpus > 0) {
    issues.add(
      at("gpus"),
      size.gpus,
      `workers on the GPU pool ${pool.group} use its GPUs`,
      "use 1 or more, or pool cpu",
    );
  }
  return size;
}

function withDefaults(
  group: RayWorkerGroupOptions,
  { allocatable, gpus: gpusOfNode }: NodePoolConfig["node"],
  limits: RayLimits,
): WorkerSize {
  const gpus = group.gpus ?? Math.min(gpusOfNode, limits.max_gpu_per_worker, limits.max_total_gpus);
  // A worker that takes a part of a node's GPUs gets the same part of the rest by default.
  const share = gpusOfNode > 0 ? gpus / gpusOfNode : 1;
  const part = (whole: number, limit: number) => Math.max(1, Math.min(Math.floor(Math.floor(whole) * share), limit));
  return {
    cpu: group.cpu ?? part(allocatable.cpuMillis / 1000, limits.max_cpu_per_worker),
    memoryGib: group.memoryGib ?? part(allocatable.memoryMib / 1024, limits.max_memory_gib_per_worker),
    gpus,
  };
}

interface Bound {
  readonly field: keyof WorkerSize;
  readonly min: number;
  readonly max: number;
  /** The option that is the upper bound. */
  readonly limit: string;
  /** What a node has. */
  readonly fits: number;
}

function boundsOf({ allocatable, gpus }: NodePoolConfig["node"], limits: RayLimits): readonly Bound[] {
  return [
    {
      field: "cpu",
      min: limits.min_cpu_request,
      max: limits.max_cpu_per_worker,
      limit: "policyLimits.maxCpuPerWorker",
      fits: allocatable.cpuMillis / 1000,
    },
    {
      field: "memoryGib",
      min: limits.min_memory_gib_request,
      max: limits.max_memory_gib_per_worker,
      limit: "policyLimits.maxMemoryGibPerWorker",
      fits: allocatable.memoryMib / 1024,
    },
    { field: "gpus", min: 0, max: limits.max_gpu_per_worker, limit: "policyLimits.maxGpuPerWorker", fits: gpus },
  ];
}

function checkBound(
  value: number,
  { field, min, max, limit, fits }: Bound,
  { group, instanceTypes }: NodePoolConfig,
  at: (field: string) => string,
  issues: IssueList,
): void {
  const isInBounds = checkNumber(value, { min, max, fraction: field !== "gpus", limit }, at(field), issues);
  if (isInBounds && value > fits) {
    issues.add(
      at(field),
      value,
      `must fit a node of pool ${group}: ${fits} next to its daemon sets (${instanceTypes.join(", ")})`,
      `lower it, or use larger instance types; the limit itself is ${limit}`,
    );
  }
}
