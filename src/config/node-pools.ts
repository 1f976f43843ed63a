// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../options/accelerator";
import { CapacityType } from "../options/capacity-type";
import type { EnvironmentSettings } from "../options/environment-settings";
import type { GpuPoolOptions } from "../options/gpu-pool-options";
import { NodeOs } from "../options/node-os";
import type { NodePoolOptions } from "../options/node-pool-options";
import type { IssueList } from "../options/option-issues";
import { type InstanceType, instanceType, nearestInstanceType, UNKNOWN_INSTANCE_TYPE } from "./instance-types";
import { checkKmsKey } from "./kms-key";
import { typesOfAccelerator } from "./accelerators";
import type { MergedSettings } from "./merged-settings";
import { nodeGroups } from "./node-groups";
import { type NodeFeatures, nodeAllocatable } from "./node-allocatable";
import { checkNumber, checkPattern } from "./patterns";
import { hasTwoClusters } from "./ray-clusters";
import type { NodePoolConfig, PolicyLimits, TaintConfig } from "./platform-config";
import { region as knownRegion } from "./regions";

/** Taint of GPU nodes (security document, "GPU Node Taints"). */
const GPU_TAINT: TaintConfig = { key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" };

/** Everything that tells one pool from another before its own options are looked at. */
interface PoolRequest {
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

function poolRequests(
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

/** Stands in for an unknown type so that the other checks can go on. */
const PLACEHOLDER: InstanceType = {
  vcpu: 8,
  memoryMib: 32768,
  gpus: 0,
  gpuModel: null,
  gpuMemoryMib: null,
  architecture: "x86_64",
  maxPods: 58,
  efaInterfaces: 0,
};

function knownTypes(request: PoolRequest, issues: IssueList): InstanceType[] {
  const types: InstanceType[] = [];
  request.instanceTypes.forEach((name, index) => {
    const type = instanceType(name);
    if (type === undefined) {
      issues.add(request.at(`instanceTypes[${index}]`), name, UNKNOWN_INSTANCE_TYPE, nearestInstanceType(name));
    } else {
      types.push(type);
    }
  });
  if (request.instanceTypes.length === 0) {
    issues.add(request.at("instanceTypes"), [], "needs at least one instance type", "list one or more, or remove it");
  }
  return types.length > 0 ? types : [PLACEHOLDER];
}

function checkSameShape(request: PoolRequest, types: readonly InstanceType[], issues: IssueList): void {
  if (new Set(types.map((type) => type.architecture)).size > 1) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "one pool has one architecture, for its AMI and images",
      "put the types into pools of their own",
    );
  }
  if (new Set(types.map((type) => `${type.gpus} ${type.gpuModel}`)).size > 1) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "one pool has one kind and number of GPUs, or scaling from zero counts wrong",
      "put the types into pools of their own",
    );
  }
  if (request.name === "cpu" && types.some((type) => type.gpus > 0)) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "the CPU pool carries the system pods and has no GPUs",
      "use gpuPool or pools for GPU types",
    );
  }
  if (request.group === "gpu" && types.some((type) => type.gpus === 0)) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "the GPU pool's types have GPUs",
      "use cpuPool or pools for types without GPU",
    );
  }
}

function checkAllowedTypes(request: PoolRequest, gpu: boolean, limits: PolicyLimits, issues: IssueList): void {
  const allowed = gpu ? limits.terraform.gpu_instance_types : limits.terraform.cpu_instance_types;
  const option = gpu ? "policyLimits.gpuInstanceTypes" : "policyLimits.cpuInstanceTypes";
  const rule = `the policies allow ${allowed.join(", ")}`;
  const isRefused = (type: string) => instanceType(type) !== undefined && !allowed.includes(type);
  const refused = request.instanceTypes.filter(isRefused);
  const fix = `add ${refused.join(", ")} to ${option}, which is then ${JSON.stringify([...allowed, ...refused])}`;
  if (request.options.instanceTypes === undefined && refused.length > 0) {
    issues.add(request.typesPath, refused, rule, fix);
    return;
  }
  request.instanceTypes.forEach((type, index) => {
    if (isRefused(type)) {
      issues.add(request.at(`instanceTypes[${index}]`), type, rule, fix);
    }
  });
}

function checkSizes(request: PoolRequest, gpu: boolean, limits: PolicyLimits, issues: IssueList): void {
  const { options, at, minSize, maxSize } = request;
  const most = gpu
    ? Math.min(limits.terraform.max_nodes_per_group, limits.terraform.max_gpu_nodes)
    : limits.terraform.max_nodes_per_group;
  checkNumber(minSize, { min: 0, max: 450 }, at("minSize"), issues);
  const limit =
    gpu && most === limits.terraform.max_gpu_nodes ? "policyLimits.maxGpuNodes" : "policyLimits.maxNodesPerGroup";
  checkNumber(maxSize, { min: 1, max: most, limit }, at("maxSize"), issues);
  if (minSize >= maxSize) {
    issues.add(
      at("maxSize"),
      maxSize,
      `must be above minSize (${minSize}), or nothing can scale`,
      "raise maxSize or lower minSize",
    );
  }
  const desired = options.desiredSize;
  if (desired !== undefined && (!Number.isInteger(desired) || desired < minSize || desired > maxSize)) {
    issues.add(
      at("desiredSize"),
      desired,
      `must be between minSize (${minSize}) and maxSize (${maxSize})`,
      "remove it, or choose a size between them",
    );
  }
  if (request.name === "cpu" && minSize < 1) {
    issues.add(at("minSize"), minSize, "the CPU pool carries system pods and is never empty", "use 2 or more");
  }
}

/** A scaling group has 50 tags at most, see tags.ts. */
const MOST_LABELS = 10;

function checkLabels(request: PoolRequest, issues: IssueList): void {
  const labels = Object.entries(request.options.labels ?? {});
  if (labels.length > MOST_LABELS) {
    issues.add(
      request.at("labels"),
      labels.map(([key]) => key),
      `at most ${MOST_LABELS} labels: each is a tag of the scaling group too, and AWS allows 50`,
      "remove some",
    );
  }
  for (const [key, value] of labels) {
    checkPattern(key, "labelKey", request.at(`labels.${key}`), issues);
    checkPattern(value, "labelValue", request.at(`labels.${key}`), issues);
    if (key.length > 63) {
      issues.add(
        request.at(`labels.${key}`),
        key,
        "EKS takes keys of at most 63 characters, domain included",
        "shorten it",
      );
    }
    if (/^(?:ray-platform\/|nvidia\.com\/|(?:.*\.)?(?:kubernetes|k8s)\.io\/|(?:.*\.)?amazonaws\.com\/)/.test(key)) {
      issues.add(
        request.at(`labels.${key}`),
        value,
        "labels of ray-platform, NVIDIA, Kubernetes and EKS are set by the platform",
        "use your own domain",
      );
    }
  }
}

/** Text inside is passed through Terraform, which must not find anything to evaluate. */
function checkNodeConfig(value: unknown, path: string, issues: IssueList): void {
  if (typeof value === "string") {
    checkPattern(value === "" ? undefined : value, "embeddedText", path, issues);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkPattern(key, "embeddedText", path, issues);
      checkNodeConfig(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, issues);
    }
  }
}

function resolveReservation(request: PoolRequest, issues: IssueList): string | null {
  const { options, at } = request;
  checkPattern(options.capacityReservationId, "reservationId", at("capacityReservationId"), issues);
  if (request.capacityType === CapacityType.CAPACITY_BLOCK && options.capacityReservationId === undefined) {
    issues.add(
      at("capacityReservationId"),
      undefined,
      "a capacity block is named by its reservation",
      "add capacityReservationId",
    );
  }
  if (request.capacityType === CapacityType.CAPACITY_BLOCK && request.instanceTypes.length > 1) {
    issues.add(at("instanceTypes"), request.instanceTypes, "a capacity block is of one instance type", "name that one");
  }
  if (
    request.capacityType === CapacityType.CAPACITY_BLOCK &&
    request.instanceTypes.some((type) => instanceType(type)?.gpus === 0)
  ) {
    issues.add(
      at("capacityType"),
      request.capacityType,
      "capacity blocks are sold for GPU instances",
      "use CapacityType.ON_DEMAND, with capacityReservationId if there is a reservation",
    );
  }
  if (request.capacityType === CapacityType.SPOT && options.capacityReservationId !== undefined) {
    issues.add(
      at("capacityReservationId"),
      options.capacityReservationId,
      "spot nodes cannot use a reservation",
      "set capacityType to ON_DEMAND or CAPACITY_BLOCK",
    );
  }
  return options.capacityReservationId ?? null;
}

/** Zones of the network that offer the pool's GPU family; all of them for pools without GPU. */
function offeredZones(
  request: PoolRequest,
  zones: readonly string[],
  region: string,
  issues: IssueList,
): readonly string[] {
  const gpuZones = knownRegion(region)?.gpuZones;
  const families = [
    ...new Set(
      request.instanceTypes.filter((name) => (instanceType(name)?.gpus ?? 0) > 0).map((name) => name.split(".")[0]),
    ),
  ];
  if (gpuZones === undefined || families.length === 0) {
    return zones;
  }
  const offered = zones.filter((zone) => families.every((family) => gpuZones[family]?.includes(zone)));
  if (offered.length === 0) {
    const where = families
      .map((family) => `${family}: ${(gpuZones[family] ?? []).join(", ") || "nowhere in the region"}`)
      .join("; ");
    const others = Object.keys(gpuZones).filter((family) => zones.some((zone) => gpuZones[family].includes(zone)));
    issues.add(
      request.typesPath,
      request.instanceTypes,
      `no zone of the network offers them (${where})`,
      `choose another region, other zones in network.availabilityZones, or another GPU: the network's zones have ${others.join(", ") || "none"}`,
    );
    return zones;
  }
  return offered;
}

function resolveZones(
  request: PoolRequest,
  zones: readonly string[],
  oneZone: boolean,
  issues: IssueList,
): readonly string[] {
  const chosen = request.options.availabilityZones ?? (oneZone ? zones.slice(0, 1) : zones);
  if (zones.length === 0) {
    return chosen; // the region is unknown, which is said already
  }
  const unknown = chosen.filter((zone) => !zones.includes(zone));
  if (unknown.length > 0 || chosen.length === 0) {
    issues.add(
      request.at("availabilityZones"),
      chosen,
      `must be zones of the network that offer the types: ${zones.join(", ")}`,
      "remove it, or name some of them",
    );
  } else if (oneZone && chosen.length !== 1) {
    issues.add(request.at("availabilityZones"), chosen, "EFA and capacity blocks live in one zone", "name one zone");
  }
  return chosen;
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
