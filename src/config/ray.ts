// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseDocument } from "yaml";
import type { IssueList } from "../options/option-issues";
import { nearestKey } from "../options/nearest-key";
import type { RayOptions } from "../options/ray-options";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import { Ipv4Cidr } from "./ipv4-cidr";
import type { MergedSettings } from "./merged-settings";
import { checkNumber, checkPattern } from "./patterns";
import type { NodePoolConfig, PolicyLimits, RayConfig, RayEgressConfig, RayHeadConfig, RayLimits, RayWorkerGroupConfig } from "./platform-config";
import { imageArchitecture, rayData, rayImage } from "./ray-images";

/** Requests of the autoscaler sidecar that KubeRay adds to the head. */
const AUTOSCALER_SIDECAR = { cpu: 0.5, memoryGib: 0.5 };

/** Nodes of the CPU pool that the head and the system pods fill. */
const SYSTEM_NODES = 2;

/** Resolves the Ray cluster of an environment. */
export function resolveRay(merged: MergedSettings, clusterName: string, vpcCidr: string, pools: readonly NodePoolConfig[], limits: PolicyLimits, issues: IssueList): RayConfig {
  const options = merged.settings.ray ?? {};
  const at = (field: string) => merged.path("ray", field);
  const version = resolveVersion(options, at, issues);
  checkScalars(options, at, issues);
  const repository = options.imageRepository ?? rayData().image.repository;
  const groups = options.workerGroups ?? defaultGroups(pools);
  const workerGroups = groups.map((group, index) =>
    resolveGroup(group, (field) => at(`workerGroups[${index}].${field}`), { pools, limits: limits.ray, repository, version }, issues),
  );
  const names = workerGroups.map((group) => group.name);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      issues.add(at(`workerGroups[${index}].name`), name, "names of worker groups are unique", "choose another name");
    }
  });
  const fitted = options.workerGroups === undefined ? fitDefaults(workerGroups, limits.ray) : workerGroups;
  checkTotals(fitted, limits.ray, at("workerGroups"), issues);

  return {
    namespace: options.namespace ?? "ray",
    clusterName,
    version,
    head: resolveHead(options, at, pools, limits.ray, repository, version, issues),
    workerGroups: fitted,
    tokenAuth: options.tokenAuth ?? true,
    autoscaler: { enabled: options.autoscaling ?? true, idleTimeoutSeconds: options.idleTimeoutSeconds ?? 600 },
    gcsFaultTolerance:
      options.redisAddress === undefined ? null : { redisAddress: options.redisAddress, passwordSecret: options.redisPasswordSecret ?? null },
    job: options.jobEntrypoint === undefined ? null : { entrypoint: options.jobEntrypoint },
    service: options.serveConfig === undefined ? null : { config: options.serveConfig },
    egress: resolveEgress(options, vpcCidr, at, issues),
  };
}

function resolveVersion(options: RayOptions, at: (field: string) => string, issues: IssueList): string {
  const data = rayData();
  const version = options.version ?? data.default;
  if (checkPattern(version, "rayVersion", at("version"), issues) && !(version in data.versions)) {
    issues.add(at("version"), version, "must be a Ray version that data/ray.json knows, and with token authentication at least 2.52.0", `use one of ${Object.keys(data.versions).join(", ")}`);
  }
  return version;
}

function resolveEgress(options: RayOptions, vpcCidr: string, at: (field: string) => string, issues: IssueList): RayEgressConfig[] {
  const given = (options.egress ?? []).map(({ cidr, ports }, index) => {
    if (Ipv4Cidr.parse(cidr) === undefined) {
      issues.add(at(`egress[${index}].cidr`), cidr, "must be an IPv4 range whose address has no bits behind the prefix", "write a range such as 10.20.0.0/16");
    }
    (ports ?? []).forEach((port, position) => checkNumber(port, { min: 1, max: 65535 }, at(`egress[${index}].ports[${position}]`), issues));
    if (ports?.length === 0) {
      issues.add(at(`egress[${index}].ports`), [], "an empty list would admit every port", "list ports, or remove it for 443");
    }
    return { cidr, ports: ports ?? [443] };
  });
  const redisPort = options.redisAddress === undefined ? undefined : Number(/:(\d+)$/.exec(options.redisAddress)?.[1] ?? 6379);
  return redisPort === undefined ? given : [...given, { cidr: vpcCidr, ports: [redisPort] }];
}

function checkScalars(options: RayOptions, at: (field: string) => string, issues: IssueList): void {
  checkPattern(options.imageRepository, "imageRepository", at("imageRepository"), issues);
  checkPattern(options.namespace, "kubernetesName", at("namespace"), issues);
  checkPattern(options.redisAddress, "redisAddress", at("redisAddress"), issues);
  checkPattern(options.redisPasswordSecret, "kubernetesName", at("redisPasswordSecret"), issues);
  checkPattern(options.jobEntrypoint, "plainText", at("jobEntrypoint"), issues);
  checkNumber(options.idleTimeoutSeconds, { min: 60, max: 86400 }, at("idleTimeoutSeconds"), issues);
  if (options.redisPasswordSecret !== undefined && options.redisAddress === undefined) {
    issues.add(at("redisPasswordSecret"), options.redisPasswordSecret, "belongs to redisAddress", "add redisAddress, or remove it");
  }
  if (options.namespace !== undefined && /^(?:kube-|default$)/.test(options.namespace)) {
    issues.add(at("namespace"), options.namespace, "must be a namespace of its own: Pod Security is set on it", "use ray");
  }
  if (options.serveConfig !== undefined && parseDocument(options.serveConfig).errors.length > 0) {
    issues.add(at("serveConfig"), options.serveConfig, "must be YAML", parseDocument(options.serveConfig).errors[0].message);
  }
}

function resolveHead(options: RayOptions, at: (field: string) => string, pools: readonly NodePoolConfig[], limits: RayLimits, repository: string, version: string, issues: IssueList): RayHeadConfig {
  const pool = pools.find(({ group }) => group === "cpu")!;
  const cpu = options.headCpu ?? 2;
  const memoryGib = options.headMemoryGib ?? 8;
  checkNumber(options.headCpu, { min: limits.min_cpu_request, max: limits.max_cpu_per_worker - AUTOSCALER_SIDECAR.cpu, fraction: true }, at("headCpu"), issues);
  checkNumber(options.headMemoryGib, { min: limits.min_memory_gib_request, max: limits.max_memory_gib_per_worker - AUTOSCALER_SIDECAR.memoryGib, fraction: true }, at("headMemoryGib"), issues);
  const { allocatable } = pool.node;
  if ((cpu + AUTOSCALER_SIDECAR.cpu) * 1000 > allocatable.cpuMillis) {
    issues.add(at("headCpu"), cpu, `with its autoscaler the head must fit a node of the CPU pool: ${allocatable.cpuMillis / 1000} cores (${pool.instanceTypes.join(", ")})`, "lower headCpu, or use larger types in cpuPool");
  }
  if ((memoryGib + AUTOSCALER_SIDECAR.memoryGib) * 1024 > allocatable.memoryMib) {
    issues.add(at("headMemoryGib"), memoryGib, `with its autoscaler the head must fit a node of the CPU pool: ${Math.floor(allocatable.memoryMib / 1024)} GiB (${pool.instanceTypes.join(", ")})`, "lower headMemoryGib, or use larger types in cpuPool");
  }
  if (pool.capacityType === "SPOT") {
    issues.add("cpuPool.capacityType", "spot", "the Ray head runs on the CPU pool, and losing it loses the Ray cluster", "use CapacityType.ON_DEMAND, and spot in a further pool");
  }
  return { poolGroup: "cpu", image: rayImage(repository, version, { architecture: pool.architecture, gpu: false }), cpu, memoryGib };
}

function defaultGroups(pools: readonly NodePoolConfig[]): RayWorkerGroupOptions[] {
  const groups: RayWorkerGroupOptions[] = [{ name: "cpu-workers", pool: "cpu" }];
  if (pools.some(({ group }) => group === "gpu")) {
    groups.push({ name: "gpu-workers", pool: "gpu" });
  }
  return groups;
}

interface GroupContext {
  readonly pools: readonly NodePoolConfig[];
  readonly limits: RayLimits;
  readonly repository: string;
  readonly version: string;
}

function resolveGroup(group: RayWorkerGroupOptions, at: (field: string) => string, { pools, limits, repository, version }: GroupContext, issues: IssueList): RayWorkerGroupConfig {
  checkPattern(group.name, "kubernetesName", at("name"), issues);
  const poolGroup = group.pool ?? "cpu";
  const known = [...new Set(pools.map((pool) => pool.group))];
  const members = pools.filter((pool) => pool.group === poolGroup);
  if (members.length === 0) {
    const near = nearestKey(poolGroup, known);
    issues.add(at("pool"), poolGroup, `must be a pool of the environment: ${known.join(", ")}`, near ? `did you mean ${near}?` : "add the pool to pools, or name one of them");
    members.push(pools[0]);
  }
  const { node, architecture, instanceTypes } = members[0];
  const fits = { cpu: Math.floor(node.allocatable.cpuMillis / 1000), memoryGib: Math.floor(node.allocatable.memoryMib / 1024), gpus: node.gpus };
  const gpus = group.gpus ?? Math.min(fits.gpus, limits.max_gpu_per_worker);
  // A worker that takes a part of a node's GPUs gets the same part of the rest by default.
  const share = fits.gpus > 0 ? gpus / fits.gpus : 1;
  const cpu = group.cpu ?? Math.max(1, Math.min(Math.floor(fits.cpu * share), limits.max_cpu_per_worker));
  const memoryGib = group.memoryGib ?? Math.max(1, Math.min(Math.floor(fits.memoryGib * share), limits.max_memory_gib_per_worker));

  const check = (field: "cpu" | "memoryGib" | "gpus", value: number, fit: number, min: number, max: number, limit: string) => {
    if (!checkNumber(value, { min, max, fraction: field !== "gpus" }, at(field), issues)) {
      return;
    }
    if (value > fit) {
      issues.add(at(field), value, `must fit a node of pool ${poolGroup}: ${fit} beside its daemon sets (${instanceTypes.join(", ")})`, `lower it, or use larger instance types; the limit itself is policyLimits.${limit}`);
    }
  };
  check("cpu", cpu, node.allocatable.cpuMillis / 1000, limits.min_cpu_request, limits.max_cpu_per_worker, "maxCpuPerWorker");
  check("memoryGib", memoryGib, node.allocatable.memoryMib / 1024, limits.min_memory_gib_request, limits.max_memory_gib_per_worker, "maxMemoryGibPerWorker");
  check("gpus", gpus, fits.gpus, 0, limits.max_gpu_per_worker, "maxGpuPerWorker");
  if (gpus === 0 && fits.gpus > 0) {
    issues.add(at("gpus"), gpus, `workers on the GPU pool ${poolGroup} use its GPUs`, "use 1 or more, or pool cpu");
  }

  const numOfHosts = group.numOfHosts ?? 1;
  checkNumber(group.numOfHosts, { min: 1, max: 64 }, at("numOfHosts"), issues);
  const perNode = Math.max(1, Math.min(Math.floor(node.allocatable.cpuMillis / 1000 / cpu), Math.floor(node.allocatable.memoryMib / 1024 / memoryGib), gpus > 0 ? Math.floor(fits.gpus / gpus) : Infinity));
  const nodes = members.reduce((sum, pool) => sum + pool.maxSize, 0) - (poolGroup === "cpu" ? SYSTEM_NODES : 0);
  const minReplicas = group.minReplicas ?? 0;
  const maxReplicas = group.maxReplicas ?? Math.max(minReplicas, 1, Math.floor((nodes * perNode) / numOfHosts));
  const replicas = group.replicas ?? minReplicas;
  checkNumber(minReplicas, { min: 0, max: 10000 }, at("minReplicas"), issues);
  checkNumber(maxReplicas, { min: 1, max: 10000 }, at("maxReplicas"), issues);
  if (minReplicas > replicas || replicas > maxReplicas) {
    issues.add(at("replicas"), { minReplicas, replicas, maxReplicas }, "minReplicas <= replicas <= maxReplicas", "put them in order");
  }
  if (minReplicas * numOfHosts > (nodes + (poolGroup === "cpu" ? SYSTEM_NODES : 0)) * perNode) {
    issues.add(at("minReplicas"), minReplicas, `pool ${poolGroup} holds at most ${nodes * perNode} such workers, so the rest would stay pending`, "lower minReplicas or raise the pool's maxSize");
  }
  return {
    name: group.name,
    poolGroup,
    image: resolveImage(group, at, rayImage(repository, version, { architecture, gpu: gpus > 0 }), architecture, issues),
    cpu,
    memoryGib,
    gpus,
    minReplicas,
    replicas,
    maxReplicas,
    numOfHosts,
    rayStartParams: checkParams(group, at, issues),
  };
}

function resolveImage(group: RayWorkerGroupOptions, at: (field: string) => string, fallback: string, architecture: NodePoolConfig["architecture"], issues: IssueList): string {
  if (!checkPattern(group.image, "image", at("image"), issues)) {
    return fallback;
  }
  const named = imageArchitecture(group.image);
  if (group.image.endsWith(":latest") || group.image.endsWith(":nightly")) {
    issues.add(at("image"), group.image, "a tag that moves is not a version", "name a version");
  }
  if (named !== undefined && named !== architecture) {
    issues.add(at("image"), group.image, `the pool's nodes are ${architecture}, the image is ${named}`, architecture === "arm64" ? "use a tag ending in -aarch64" : "use a tag without -aarch64");
  }
  return group.image;
}

function checkParams(group: RayWorkerGroupOptions, at: (field: string) => string, issues: IssueList): Record<string, string> {
  const params = group.rayStartParams ?? {};
  for (const [key, value] of Object.entries(params)) {
    checkPattern(value, "rayParameter", at(`rayStartParams.${key}`), issues);
    if (!/^[a-z][a-z-]*$/.test(key)) {
      issues.add(at(`rayStartParams.${key}`), key, "must be a parameter of ray start without dashes in front", "write for example object-store-memory");
    }
  }
  return { ...params };
}

/** Keeps default groups within the totals: first the GPUs, then the number of workers, largest group first. */
function fitDefaults(groups: readonly RayWorkerGroupConfig[], limits: RayLimits): RayWorkerGroupConfig[] {
  return groups.map((group) => {
    const byGpus = group.gpus > 0 ? Math.floor(limits.max_total_gpus / group.gpus) : Infinity;
    const byWorkers = Math.floor(limits.max_total_workers / groups.length);
    return { ...group, maxReplicas: Math.max(1, Math.min(group.maxReplicas, byGpus, byWorkers)) };
  });
}

function checkTotals(groups: readonly RayWorkerGroupConfig[], limits: RayLimits, path: string, issues: IssueList): void {
  const workers = groups.reduce((sum, group) => sum + group.maxReplicas * group.numOfHosts, 0);
  const gpus = groups.reduce((sum, group) => sum + group.maxReplicas * group.numOfHosts * group.gpus, 0);
  if (workers > limits.max_total_workers) {
    issues.add(path, workers, `all groups together may have ${limits.max_total_workers} workers (maxReplicas x numOfHosts)`, "lower maxReplicas, or raise policyLimits.maxTotalWorkers");
  }
  if (gpus > limits.max_total_gpus) {
    issues.add(path, gpus, `all groups together may have ${limits.max_total_gpus} GPUs (maxReplicas x numOfHosts x gpus)`, "lower maxReplicas, or raise policyLimits.maxTotalGpus");
  }
}
