// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { CapacityType } from "../options/capacity-type";
import type { EnvironmentSettings } from "../options/environment-settings";
import { NodeOs } from "../options/node-os";
import type { IssueList } from "../options/option-issues";
import type { InstanceType } from "./instance-types";
import { checkKmsKey } from "./kms-key";
import type { MergedSettings } from "./merged-settings";
import { type NodeFeatures, nodeAllocatable } from "./node-allocatable";
import { nodeGroups } from "./node-groups";
import { checkLabels, checkNodeConfig, checkSizes, resolveReservation } from "./node-pool-checks";
import { type PoolRequest, poolRequests } from "./node-pool-requests";
import { checkAllowedTypes, checkSameShape, knownTypes } from "./node-pool-types";
import { offeredZones, resolveZones } from "./node-pool-zones";
import { checkNumber } from "./patterns";
import type { NodePoolConfig, PolicyLimits, TaintConfig } from "./platform-config";

/** Taint of GPU nodes (security document, "GPU Node Taints"). */
const GPU_TAINT: TaintConfig = { key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" };

/** Resolves the node pools of an environment: `cpu`, `gpu` with `gpu-on-demand`, then further ones in their order. */
export function resolveNodePools(
  merged: MergedSettings,
  zones: readonly string[],
  region: string,
  limits: PolicyLimits,
  issues: IssueList,
): NodePoolConfig[] {
  const context = { zones, region, settings: merged.settings, limits };
  const pools = poolRequests(merged.settings, merged, limits, issues).map((request) =>
    resolvePool(request, context, issues),
  );
  checkGroupCount(pools, merged, issues);
  const gpuPools = pools.filter((pool) => pool.node.gpus > 0);
  if (gpuPools.reduce((sum, pool) => sum + pool.maxSize, 0) > limits.terraform.max_gpu_nodes) {
    const sizes = Object.fromEntries(gpuPools.map((pool) => [pool.name, pool.maxSize]));
    issues.add(
      merged.path("gpuPool", "maxSize"),
      sizes,
      `all GPU pools together may have ${limits.terraform.max_gpu_nodes} nodes (terraform/max-gpu-nodes)`,
      "lower maxSize of GPU pools, do without gpuPool.onDemandFallback, or raise policyLimits.maxGpuNodes",
    );
  }
  return pools;
}

/** Node groups that AWS admits in a cluster, until it is asked for more. */
const MOST_NODE_GROUPS = 30;

function checkGroupCount(pools: readonly NodePoolConfig[], merged: MergedSettings, issues: IssueList): void {
  const counts = Object.fromEntries(pools.map((pool) => [pool.name, pool.nodeGroups.length]));
  const count = Object.values(counts).reduce((sum, groups) => sum + groups, 0);
  if (count > MOST_NODE_GROUPS) {
    issues.add(
      merged.path("pools"),
      counts,
      `the pools have a node group in each of their zones, together ${count}, and a cluster may have ${MOST_NODE_GROUPS}`,
      "remove pools, or name fewer zones in their availabilityZones",
    );
  }
}

interface PoolContext {
  readonly zones: readonly string[];
  readonly region: string;
  readonly settings: EnvironmentSettings;
  readonly limits: PolicyLimits;
}

function resolvePool(
  request: PoolRequest,
  { zones, region, settings, limits }: PoolContext,
  issues: IssueList,
): NodePoolConfig {
  const { options, at } = request;
  const types = knownTypes(request, issues);
  const smallest = types.reduce((least, type) => (type.memoryMib < least.memoryMib ? type : least), types[0]);
  const gpus = smallest.gpus;
  checkSameShape(request, types, issues);
  checkAllowedTypes(request, gpus > 0, limits, issues);
  checkSizes(request, gpus > 0, limits, issues);
  checkNumber(
    options.volumeSizeGib,
    { min: 20, max: limits.terraform.max_volume_gib, limit: "policyLimits.maxVolumeGib" },
    at("volumeSizeGib"),
    issues,
  );
  checkKmsKey(options.volumeKmsKeyArn, region, at("volumeKmsKeyArn"), issues);
  checkLabels(request, issues);
  const os = options.os ?? NodeOs.AL2023;
  checkNodeConfig(options.nodeConfig, at("nodeConfig"), issues);
  if (options.nodeConfig !== undefined && os !== NodeOs.AL2023) {
    issues.add(
      at("nodeConfig"),
      options.nodeConfig,
      "NodeConfig belongs to Amazon Linux 2023",
      "remove it, or set os to AL2023",
    );
  }
  if (options.efa && types.some((type) => type.efaInterfaces === 0)) {
    issues.add(
      at("efa"),
      true,
      `every instance type of the pool must have EFA; ${request.instanceTypes.join(", ")} do not`,
      "remove efa, or choose types such as p4d.24xlarge",
    );
  }
  const oneZone = options.efa || request.capacityType === CapacityType.CAPACITY_BLOCK;
  const availabilityZones = resolveZones(request, offeredZones(request, zones, region, issues), oneZone, issues);
  const sizes = {
    minSize: request.minSize,
    maxSize: request.maxSize,
    desiredSize: options.desiredSize ?? request.minSize,
  };

  return {
    name: request.name,
    group: request.group,
    priority: request.priority,
    instanceTypes: request.instanceTypes,
    architecture: smallest.architecture,
    os,
    amiType: amiType(os, smallest),
    capacityType: CAPACITY[request.capacityType],
    capacityReservationId: resolveReservation(request, issues),
    ...sizes,
    volume: {
      sizeGib: options.volumeSizeGib ?? Math.min(gpus > 0 ? 200 : 100, limits.terraform.max_volume_gib),
      type: "gp3",
      iops: null,
      throughputMibps: null,
      kmsKeyArn: options.volumeKmsKeyArn ?? null,
    },
    node: {
      vcpu: Math.min(...types.map((type) => type.vcpu)),
      memoryMib: smallest.memoryMib,
      gpus,
      gpuModel: smallest.gpuModel,
      allocatable: leastAllocatable(types, { settings, efa: options.efa ?? false }),
    },
    efaInterfaces: options.efa ? Math.min(...types.map((type) => type.efaInterfaces)) : 0,
    labels: { ...options.labels, ...poolLabels(request, gpus) },
    taints: gpus > 0 ? [GPU_TAINT] : [],
    availabilityZones,
    nodeGroups: nodeGroups(request.name, availabilityZones, region, sizes),
    nodeConfig: options.nodeConfig ?? null,
  };
}

const CAPACITY = {
  [CapacityType.ON_DEMAND]: "ON_DEMAND",
  [CapacityType.SPOT]: "SPOT",
  [CapacityType.CAPACITY_BLOCK]: "CAPACITY_BLOCK",
} as const;

/** What fits on a node of any of the types: the autoscaler may add the smallest. */
function leastAllocatable(
  types: readonly InstanceType[],
  features: NodeFeatures,
): NodePoolConfig["node"]["allocatable"] {
  const offers = types.map((type) => nodeAllocatable(type, features));
  return {
    cpuMillis: Math.min(...offers.map(({ cpuMillis }) => cpuMillis)),
    memoryMib: Math.min(...offers.map(({ memoryMib }) => memoryMib)),
  };
}

function poolLabels(request: PoolRequest, gpus: number): Record<string, string> {
  const labels: Record<string, string> = {
    "ray-platform/pool": request.name,
    "ray-platform/pool-group": request.group,
  };
  if (gpus > 0) {
    // The device plugin's own affinity asks for gpu.present; the autoscaler's accelerator label keeps it from scaling
    // out twice.
    labels["nvidia.com/gpu.present"] = "true";
    labels["k8s.amazonaws.com/accelerator"] = request.group;
  }
  return labels;
}

function amiType(os: NodeOs, type: InstanceType): string {
  const arm = type.architecture === "arm64";
  if (os === NodeOs.BOTTLEROCKET) {
    return `BOTTLEROCKET_${arm ? "ARM_64" : "x86_64"}${type.gpus > 0 ? "_NVIDIA" : ""}`;
  }
  return `AL2023_${arm ? "ARM_64" : "x86_64"}_${type.gpus > 0 ? "NVIDIA" : "STANDARD"}`;
}
