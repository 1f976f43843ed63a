// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../options/accelerator";
import { CapacityType } from "../options/capacity-type";
import type { EnvironmentSettings } from "../options/environment-settings";
import type { GpuPoolOptions } from "../options/gpu-pool-options";
import type { NodePoolOptions } from "../options/node-pool-options";
import type { IssueList } from "../options/option-issues";
import { typesOfAccelerator } from "./accelerators";
import { instanceType } from "./instance-types";
import type { MergedSettings } from "./merged-settings";
import { checkNumber, checkPattern } from "./patterns";
import type { PolicyLimits } from "./platform-config";
import { hasTwoClusters } from "./ray-clusters";

/** Everything that tells one pool from another before its own options are looked at. */
export interface PoolRequest {
  readonly name: string;
  readonly group: string;
  readonly priority: number;
  readonly options: NodePoolOptions;
  readonly at: (field: string) => string;
  readonly instanceTypes: readonly string[];
  /** The option that chose the instance types. */
  readonly typesPath: string;
  readonly capacityType: CapacityType;
  readonly minSize: number;
  readonly maxSize: number;
}

/** The pools that the options ask for, in the order in which they are listed everywhere. */
export function poolRequests(
  settings: EnvironmentSettings,
  merged: MergedSettings,
  limits: PolicyLimits,
  issues: IssueList,
): PoolRequest[] {
  const cpu = settings.cpuPool ?? {};
  const requests: PoolRequest[] = [
    {
      name: "cpu",
      group: "cpu",
      priority: 10,
      options: cpu,
      at: (field) => merged.path("cpuPool", field),
      instanceTypes: cpu.instanceTypes ?? ["m5.2xlarge", "m5.4xlarge"],
      typesPath: merged.path("cpuPool", "instanceTypes"),
      capacityType: cpu.capacityType ?? CapacityType.ON_DEMAND,
      minSize: cpu.minSize ?? 2,
      maxSize: cpu.maxSize ?? Math.min(10, limits.terraform.max_nodes_per_group),
    },
    ...gpuRequests(settings, merged, limits, issues),
  ];
  const names = new Set(["cpu", "gpu", "gpu-on-demand"]);
  (settings.pools ?? []).forEach((pool, index) => {
    const at = (field: string) => merged.path("pools", `[${index}].${field}`);
    checkPattern(pool.name, "poolName", at("name"), issues);
    if (names.has(pool.name)) {
      issues.add(
        at("name"),
        pool.name,
        "names of pools are unique, and cpu, gpu and gpu-on-demand are taken",
        "choose another name",
      );
    }
    names.add(pool.name);
    if (pool.instanceTypes === undefined || pool.instanceTypes.length === 0) {
      issues.add(
        at("instanceTypes"),
        pool.instanceTypes,
        "an additional pool needs instance types",
        "list one or more",
      );
    }
    const gpu = (pool.instanceTypes ?? []).some((type) => (instanceType(type)?.gpus ?? 0) > 0);
    requests.push({
      name: pool.name,
      group: pool.name,
      priority: 20,
      options: pool,
      at,
      instanceTypes: pool.instanceTypes ?? [],
      typesPath: at("instanceTypes"),
      capacityType: pool.capacityType ?? (gpu ? CapacityType.SPOT : CapacityType.ON_DEMAND),
      minSize: pool.minSize ?? 0,
      maxSize: pool.maxSize ?? Math.min(gpu ? 2 : 10, limits.terraform.max_nodes_per_group),
    });
  });
  return requests;
}

function gpuRequests(
  settings: EnvironmentSettings,
  merged: MergedSettings,
  limits: PolicyLimits,
  issues: IssueList,
): PoolRequest[] {
  const accelerator = settings.accelerator ?? Accelerator.G4DN;
  const at = (field: string) => merged.path("gpuPool", field);
  if (accelerator === Accelerator.NONE) {
    if (settings.gpuPool !== undefined) {
      issues.add(
        merged.path("gpuPool"),
        settings.gpuPool,
        "there is no GPU pool with accelerator NONE",
        "remove gpuPool or choose an accelerator",
      );
    }
    return [];
  }
  const gpu = settings.gpuPool ?? {};
  const capacityType = gpu.capacityType ?? CapacityType.SPOT;
  const types = gpu.instanceTypes ?? typesOfAccelerator(accelerator);
  const wantsFallback = gpu.onDemandFallback ?? capacityType === CapacityType.SPOT;
  const sizes = gpuSizes(gpu, wantsFallback, limits, nodesOfRay(settings, types, limits));
  const primary: PoolRequest = {
    name: "gpu",
    group: "gpu",
    priority: 50,
    options: gpu,
    at,
    instanceTypes: types,
    typesPath: gpu.instanceTypes === undefined ? merged.path("accelerator") : at("instanceTypes"),
    capacityType,
    minSize: gpu.minSize ?? 0,
    maxSize: sizes.primary,
  };
  if (!wantsFallback) {
    if (gpu.fallbackMaxSize !== undefined) {
      issues.add(
        at("fallbackMaxSize"),
        gpu.fallbackMaxSize,
        "there is no fallback pool",
        "remove it, or set onDemandFallback",
      );
    }
    return [primary];
  }
  if (capacityType !== CapacityType.SPOT) {
    issues.add(
      at("onDemandFallback"),
      true,
      "only a spot pool has a fallback",
      "remove onDemandFallback, or set capacityType to SPOT",
    );
  }
  checkNumber(gpu.fallbackMaxSize, { min: 1, max: 450 }, at("fallbackMaxSize"), issues);
  const { minSize: _min, desiredSize: _desired, capacityReservationId: _reservation, ...shared } = gpu;
  return [
    primary,
    {
      ...primary,
      name: "gpu-on-demand",
      priority: 20,
      options: shared,
      capacityType: CapacityType.ON_DEMAND,
      minSize: 0,
      maxSize: sizes.fallback,
      at: (field) => at(field === "maxSize" ? "fallbackMaxSize" : field),
    },
  ];
}

/** The nodes that have all GPUs which the platform's Ray clusters may use: more would cost, and never run a worker. */
function nodesOfRay(
  { ray = {} }: EnvironmentSettings,
  types: readonly string[],
  { ray: limits }: PolicyLimits,
): number {
  const perNode = Math.max(1, Math.min(...types.map((type) => instanceType(type)?.gpus ?? 1)));
  const clusters = hasTwoClusters(ray) ? 2 : 1;
  return Math.ceil((clusters * limits.max_total_gpus) / perNode);
}

/**
 * Most nodes of the GPU pool and its fallback. Defaults shrink to what the limits admit, so that tighter limits need no
 * sizes, and to what Ray may use.
 */
function gpuSizes(
  gpu: GpuPoolOptions,
  wantsFallback: boolean,
  { terraform }: PolicyLimits,
  usable: number,
): { primary: number; fallback: number } {
  const most = Math.min(terraform.max_gpu_nodes, 2 * terraform.max_nodes_per_group, usable);
  const room = Math.max(1, most - (gpu.maxSize ?? Math.ceil(most / 2)));
  const fallback = wantsFallback ? (gpu.fallbackMaxSize ?? Math.min(2, room, terraform.max_nodes_per_group)) : 0;
  const primary = gpu.maxSize ?? Math.max(1, Math.min(5, most - fallback, terraform.max_nodes_per_group));
  return { primary, fallback };
}
