// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { MergedSettings } from "./merged-settings";
import { checkNumber } from "./patterns";
import type { NodePoolConfig, RayHeadConfig, RayLimits } from "./platform-config";
import type { ImagePool } from "./ray-images";

export interface HeadContext {
  readonly rayImageOf: (pool: ImagePool) => string;
  /** The autoscaler beside the head. */
  readonly sidecar: { readonly cpu: number; readonly memoryGib: number };
}

export function resolveHead(
  merged: MergedSettings,
  pools: readonly NodePoolConfig[],
  limits: RayLimits,
  { rayImageOf, sidecar }: HeadContext,
  issues: IssueList,
): Omit<RayHeadConfig, "serviceAccount"> {
  const options = merged.settings.ray ?? {};
  const at = (field: string) => merged.path("ray", field);
  const pool = pools.find(({ group }) => group === "cpu")!;
  const cpu = options.headCpu ?? within(2, limits.min_cpu_request, limits.max_cpu_per_worker - sidecar.cpu);
  const memoryGib =
    options.headMemoryGib ??
    within(8, limits.min_memory_gib_request, limits.max_memory_gib_per_worker - sidecar.memoryGib);
  const isCpuBounded =
    options.headCpu === undefined ||
    checkNumber(
      options.headCpu,
      {
        min: limits.min_cpu_request,
        max: limits.max_cpu_per_worker - sidecar.cpu,
        fraction: true,
        limit: "policyLimits.maxCpuPerWorker",
      },
      at("headCpu"),
      issues,
    );
  const isMemoryBounded =
    options.headMemoryGib === undefined ||
    checkNumber(
      options.headMemoryGib,
      {
        min: limits.min_memory_gib_request,
        max: limits.max_memory_gib_per_worker - sidecar.memoryGib,
        fraction: true,
        limit: "policyLimits.maxMemoryGibPerWorker",
      },
      at("headMemoryGib"),
      issues,
    );
  const { allocatable } = pool.node;
  if (isCpuBounded && (cpu + sidecar.cpu) * 1000 > allocatable.cpuMillis) {
    issues.add(
      at("headCpu"),
      cpu,
      `with its autoscaler the head must fit a node of the CPU pool: ${allocatable.cpuMillis / 1000} cores (${pool.instanceTypes.join(", ")})`,
      "lower headCpu, or use larger types in cpuPool",
    );
  }
  if (isMemoryBounded && (memoryGib + sidecar.memoryGib) * 1024 > allocatable.memoryMib) {
    issues.add(
      at("headMemoryGib"),
      memoryGib,
      `with its autoscaler the head must fit a node of the CPU pool: ${Math.floor(allocatable.memoryMib / 1024)} GiB (${pool.instanceTypes.join(", ")})`,
      "lower headMemoryGib, or use larger types in cpuPool",
    );
  }
  if (pool.capacityType === "SPOT") {
    issues.add(
      merged.path("cpuPool", "capacityType"),
      "spot",
      "the Ray head runs on the CPU pool, and losing it loses the Ray cluster",
      "use CapacityType.ON_DEMAND, and spot in an additional pool",
    );
  }
  return { poolGroup: "cpu", image: rayImageOf({ architecture: pool.architecture, gpu: false }), cpu, memoryGib };
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
