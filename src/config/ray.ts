// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Document } from "yaml";
import { readYaml } from "../bounded-yaml";
import type { IssueList } from "../options/option-issues";
import { isObject } from "../json-object";
import { nearestKey } from "../nearest-key";
import type { RayOptions } from "../options/ray-options";
import { RayAdmission } from "../options/ray-admission";
import { RayUpgrade } from "../options/ray-upgrade";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import { WORKLOADS } from "../workloads";
import { Ipv4Cidr } from "./ipv4-cidr";
import type { MergedSettings } from "./merged-settings";
import { checkNumber, checkPattern } from "./patterns";
import type {
  NodePoolConfig,
  PolicyLimits,
  RayConfig,
  RayEgressConfig,
  RayHeadConfig,
  RayLimits,
  RayWorkerGroupConfig,
} from "./platform-config";
import { resolveAutoscaler } from "./ray-autoscaler";
import { hasTwoClusters, runsTwice } from "./ray-clusters";
import { exampleData, resolveRayData } from "./ray-data";
import { type ImagePool, imageArchitecture, rayData, rayImage } from "./ray-images";

/** Namespaces of Kubernetes. */
const KUBERNETES_NAMESPACES = /^(?:kube-.*|default)$/;

/** Nodes of the CPU pool that the head and the system pods fill. */
const SYSTEM_NODES = 2;

/** Resolves the Ray cluster of an environment. */
export function resolveRay(
  merged: MergedSettings,
  clusterName: string,
  region: string,
  vpcCidr: string,
  pools: readonly NodePoolConfig[],
  limits: PolicyLimits,
  issues: IssueList,
): RayConfig {
  const options = merged.settings.ray ?? {};
  const at = (field: string) => merged.path("ray", field);
  const version = resolveVersion(options, at, issues);
  checkScalars(options, at, issues);
  const repository = options.imageRepository ?? rayData().image.repository;
  const rayImageOf = (pool: ImagePool) => rayImage(repository, version, pool);
  const groups = options.workerGroups ?? defaultGroups(pools, limits.ray);
  const workerGroups = groups.map((group, index) => {
    const onPool = groups.filter(({ pool }) => (pool ?? "cpu") === (group.pool ?? "cpu")).length;
    return resolveGroup(
      group,
      (field) => at(`workerGroups[${index}].${field}`),
      { pools, limits: limits.ray, rayImageOf, shares: hasTwoClusters(options) ? 2 * onPool : 1 },
      issues,
    );
  });
  const names = workerGroups.map((group) => group.name);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      issues.add(at(`workerGroups[${index}].name`), name, "names of worker groups are unique", "choose another name");
    }
  });
  const fitted = fitDefaults(workerGroups, groups, limits.ray);
  checkTotals(fitted, limits.ray, at("workerGroups"), issues);
  if (runsTwice(options)) {
    checkFitsTwice(fitted, pools, at("workerGroups"), issues);
  }
  if (options.jobEntrypoint !== undefined) {
    checkJobStarts(fitted, pools, options.autoscaling ?? true, at("workerGroups"), issues);
  }
  const autoscaler = resolveAutoscaler(options, totalWorkers(fitted), at, issues);
  const data = resolveRayData(merged, region, names, issues);

  return {
    namespace: options.namespace ?? "ray",
    clusterName,
    version,
    head: {
      ...resolveHead(merged, pools, limits.ray, { rayImageOf, sidecar: autoscaler }, issues),
      serviceAccount: data.head,
    },
    workerGroups: fitted.map((group, index) => ({ ...group, serviceAccount: data.groups[index] })),
    tokenAuth: options.tokenAuth ?? true,
    autoscaler,
    gcsFaultTolerance:
      options.redisAddress === undefined
        ? null
        : { redisAddress: options.redisAddress, passwordSecret: options.redisPasswordSecret ?? null },
    job: options.jobEntrypoint === undefined ? null : { entrypoint: options.jobEntrypoint },
    service:
      options.serveConfig === undefined
        ? null
        : { config: options.serveConfig, upgrade: runsTwice(options) ? "NewCluster" : "None" },
    admission: options.admission ?? RayAdmission.DENY,
    upgrade: options.upgrade ?? RayUpgrade.REFUSE,
    identities: data.identities,
    exampleData: exampleData(data, fitted),
    registries: (options.registries ?? []).map(({ registry, pullSecret }, index) => {
      checkPattern(registry, "imageRegistry", at(`registries[${index}].registry`), issues);
      checkPattern(pullSecret, "kubernetesName", at(`registries[${index}].pullSecret`), issues);
      return { registry, pullSecret: pullSecret ?? null };
    }),
    egress: resolveEgress(options, vpcCidr, at, issues),
  };
}

/** Whether a namespace belongs to Kubernetes or to another workload of the platform, installed or not. */
function isTakenNamespace(name: string): boolean {
  return KUBERNETES_NAMESPACES.test(name) || WORKLOADS.some(({ namespace }) => namespace.name === name);
}

function resolveVersion(options: RayOptions, at: (field: string) => string, issues: IssueList): string {
  const data = rayData();
  const version = options.version ?? data.default;
  if (checkPattern(version, "rayVersion", at("version"), issues) && !(version in data.versions)) {
    issues.add(
      at("version"),
      version,
      "must be a Ray version that ray-platform knows, and with token authentication at least 2.52.0",
      `use one of ${Object.keys(data.versions).join(", ")}`,
    );
  }
  return version;
}

function resolveEgress(
  options: RayOptions,
  vpcCidr: string,
  at: (field: string) => string,
  issues: IssueList,
): RayEgressConfig[] {
  const given = (options.egress ?? []).map(({ cidr, ports }, index) => {
    if (Ipv4Cidr.parse(cidr) === undefined) {
      issues.add(
        at(`egress[${index}].cidr`),
        cidr,
        "must be an IPv4 range whose address has no bits behind the prefix",
        "write a range such as 10.20.0.0/16",
      );
    }
    (ports ?? []).forEach((port, position) =>
      checkNumber(port, { min: 1, max: 65535 }, at(`egress[${index}].ports[${position}]`), issues),
    );
    if (ports?.length === 0) {
      issues.add(
        at(`egress[${index}].ports`),
        [],
        "an empty list would admit every port",
        "list ports, or remove it for 443",
      );
    }
    return { cidr, ports: ports ?? [443] };
  });
  const redisPort =
    options.redisAddress === undefined ? undefined : Number(/:(\d+)$/.exec(options.redisAddress)?.[1] ?? 6379);
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
    issues.add(
      at("redisPasswordSecret"),
      options.redisPasswordSecret,
      "belongs to redisAddress",
      "add redisAddress, or remove it",
    );
  }
  if (options.namespace !== undefined && isTakenNamespace(options.namespace)) {
    issues.add(
      at("namespace"),
      options.namespace,
      "must be a separate namespace: Pod Security is set on it",
      "use ray",
    );
  }
  if (checkPattern(options.serveConfig, "embeddedText", at("serveConfig"), issues)) {
    checkServeConfig(options.serveConfig, at("serveConfig"), issues);
  }
  if (options.serveConfig !== undefined && options.jobEntrypoint !== undefined) {
    issues.add(
      at("serveConfig"),
      options.serveConfig,
      "not together with jobEntrypoint: they would compete for the same nodes, since an upgrade of the service runs it twice",
      "keep one of the two",
    );
  }
}

/** Serve refuses a configuration without a list of applications, each of which it can import under a name and a route of its own. */
function checkServeConfig(text: string, path: string, issues: IssueList): void {
  const { documents, problem } = readYaml(text);
  const [document] = documents;
  if (problem !== undefined || documents.length > 1) {
    issues.add(path, text, "must be YAML", problem ?? `it has ${documents.length} documents; keep one`);
    return;
  }
  const applications = document === undefined ? undefined : applicationsOf(document);
  if (!Array.isArray(applications)) {
    issues.add(
      path,
      text,
      "must have a list of applications",
      "write applications: [{ name: app, import_path: app:deployment }]",
    );
    return;
  }
  applications.forEach((application: unknown, index) => {
    if (!isObject(application) || typeof application.import_path !== "string") {
      issues.add(
        `${path}: applications[${index}].import_path`,
        isObject(application) ? (application.import_path ?? null) : application,
        "each application names what Serve imports",
        "write MODULE:VARIABLE",
      );
    }
  });
  for (const [key, fallback] of [
    ["name", "default"],
    ["route_prefix", "/"],
  ] as const) {
    const values = applications.filter(isObject).map((application) => application[key] ?? fallback);
    const again = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (again >= 0) {
      issues.add(
        `${path}: applications[${again}].${key}`,
        values[again],
        `each application has a ${key} of its own`,
        `choose another ${key}; without one it is ${fallback}`,
      );
    }
  }
}

/** @returns undefined where there is no such list, or where aliases would unfold to more than anybody means */
function applicationsOf(document: Document): unknown {
  try {
    const content: unknown = document.toJS();
    return isObject(content) ? content.applications : undefined;
  } catch {
    return undefined;
  }
}

interface HeadContext {
  readonly rayImageOf: (pool: ImagePool) => string;
  /** The autoscaler beside the head. */
  readonly sidecar: { readonly cpu: number; readonly memoryGib: number };
}

function resolveHead(
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

function defaultGroups(pools: readonly NodePoolConfig[], limits: RayLimits): RayWorkerGroupOptions[] {
  const groups: RayWorkerGroupOptions[] = [{ name: "cpu-workers", pool: "cpu" }];
  if (pools.some(({ group }) => group === "gpu") && Math.min(limits.max_gpu_per_worker, limits.max_total_gpus) > 0) {
    groups.push({ name: "gpu-workers", pool: "gpu" });
  }
  return groups;
}

/** A worker group before it is known what it runs as. */
type SizedGroup = Omit<RayWorkerGroupConfig, "serviceAccount">;

interface GroupContext {
  readonly pools: readonly NodePoolConfig[];
  readonly limits: RayLimits;
  readonly rayImageOf: (pool: ImagePool) => string;
  /** Equal parts into which the pool is divided, of which the group gets one by default. */
  readonly shares: number;
}

function resolveGroup(
  group: RayWorkerGroupOptions,
  at: (field: string) => string,
  { pools, limits, rayImageOf, shares }: GroupContext,
  issues: IssueList,
): SizedGroup {
  checkPattern(group.name, "kubernetesName", at("name"), issues);
  const poolGroup = group.pool ?? "cpu";
  const known = [...new Set(pools.map((pool) => pool.group))];
  const members = pools.filter((pool) => pool.group === poolGroup);
  if (members.length === 0) {
    const near = nearestKey(poolGroup, known);
    issues.add(
      at("pool"),
      poolGroup,
      `must be a pool of the environment: ${known.join(", ")}`,
      near ? `did you mean ${near}?` : "add the pool to pools, or name one of them",
    );
    members.push(pools[0]);
  }
  const { node, architecture, instanceTypes } = members[0];
  const fits = {
    cpu: Math.floor(node.allocatable.cpuMillis / 1000),
    memoryGib: Math.floor(node.allocatable.memoryMib / 1024),
    gpus: node.gpus,
  };
  const gpus = group.gpus ?? Math.min(fits.gpus, limits.max_gpu_per_worker, limits.max_total_gpus);
  // A worker that takes a part of a node's GPUs gets the same part of the rest by default.
  const share = fits.gpus > 0 ? gpus / fits.gpus : 1;
  const cpu = group.cpu ?? Math.max(1, Math.min(Math.floor(fits.cpu * share), limits.max_cpu_per_worker));
  const memoryGib =
    group.memoryGib ?? Math.max(1, Math.min(Math.floor(fits.memoryGib * share), limits.max_memory_gib_per_worker));

  const check = (
    field: "cpu" | "memoryGib" | "gpus",
    value: number,
    fit: number,
    min: number,
    max: number,
    limit: string,
  ) => {
    if (
      !checkNumber(value, { min, max, fraction: field !== "gpus", limit: `policyLimits.${limit}` }, at(field), issues)
    ) {
      return;
    }
    if (value > fit) {
      issues.add(
        at(field),
        value,
        `must fit a node of pool ${poolGroup}: ${fit} beside its daemon sets (${instanceTypes.join(", ")})`,
        `lower it, or use larger instance types; the limit itself is policyLimits.${limit}`,
      );
    }
  };
  check(
    "cpu",
    cpu,
    node.allocatable.cpuMillis / 1000,
    limits.min_cpu_request,
    limits.max_cpu_per_worker,
    "maxCpuPerWorker",
  );
  check(
    "memoryGib",
    memoryGib,
    node.allocatable.memoryMib / 1024,
    limits.min_memory_gib_request,
    limits.max_memory_gib_per_worker,
    "maxMemoryGibPerWorker",
  );
  check("gpus", gpus, fits.gpus, 0, limits.max_gpu_per_worker, "maxGpuPerWorker");
  if (gpus === 0 && fits.gpus > 0) {
    issues.add(at("gpus"), gpus, `workers on the GPU pool ${poolGroup} use its GPUs`, "use 1 or more, or pool cpu");
  }

  const numOfHosts = group.numOfHosts ?? 1;
  checkNumber(group.numOfHosts, { min: 1, max: 64 }, at("numOfHosts"), issues);
  const perNode = workersPerNode(node, { cpu, memoryGib, gpus });
  const nodes = members.reduce((sum, pool) => sum + pool.maxSize, 0);
  const free = freeNodes(poolGroup, pools);
  const minReplicas = group.minReplicas ?? 0;
  const maxReplicas =
    group.maxReplicas ?? Math.max(1, group.replicas ?? minReplicas, Math.floor((free * perNode) / numOfHosts / shares));
  const replicas = group.replicas ?? minReplicas;
  checkNumber(minReplicas, { min: 0, max: 10000 }, at("minReplicas"), issues);
  checkNumber(maxReplicas, { min: 1, max: 10000 }, at("maxReplicas"), issues);
  if (minReplicas > replicas || replicas > maxReplicas) {
    issues.add(
      at("replicas"),
      { minReplicas, replicas, maxReplicas },
      "minReplicas <= replicas <= maxReplicas",
      "put them in order",
    );
  }
  if (minReplicas * numOfHosts > nodes * perNode) {
    issues.add(
      at("minReplicas"),
      minReplicas,
      `pool ${poolGroup} holds at most ${nodes * perNode} such workers, so the rest would stay pending`,
      "lower minReplicas or raise the pool's maxSize",
    );
  }
  return {
    name: group.name,
    poolGroup,
    image: resolveImage(group, at, rayImageOf({ architecture, gpu: gpus > 0 }), architecture, issues),
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

/** Workers of a size that a node holds; at least 1, since a worker that fits no node is refused already. */
function workersPerNode(
  { allocatable, gpus }: NodePoolConfig["node"],
  worker: { readonly cpu: number; readonly memoryGib: number; readonly gpus: number },
): number {
  return Math.max(
    1,
    Math.min(
      Math.floor(allocatable.cpuMillis / 1000 / worker.cpu),
      Math.floor(allocatable.memoryMib / 1024 / worker.memoryGib),
      worker.gpus > 0 ? Math.floor(gpus / worker.gpus) : Infinity,
    ),
  );
}

/** Most nodes of a pool group that workers can have. */
function freeNodes(poolGroup: string, pools: readonly NodePoolConfig[]): number {
  const nodes = pools.filter(({ group }) => group === poolGroup).reduce((sum, { maxSize }) => sum + maxSize, 0);
  return Math.max(0, nodes - (poolGroup === "cpu" ? SYSTEM_NODES : 0));
}

/**
 * At its largest, a service leaves its pools no room for the second cluster of an upgrade, whose workers would stay
 * pending: the upgrade would never end, and Helm would call it deployed.
 */
function checkFitsTwice(
  groups: readonly SizedGroup[],
  pools: readonly NodePoolConfig[],
  path: string,
  issues: IssueList,
): void {
  for (const { poolGroup, members, needed, free } of crowded(groups, pools, ({ maxReplicas }) => 2 * maxReplicas)) {
    issues.add(
      path,
      Object.fromEntries(members.map(({ name, maxReplicas }) => [name, maxReplicas])),
      `an upgrade of the service runs every worker twice: that takes ${needed} nodes of pool ${poolGroup}, which has ${free} for workers`,
      "lower maxReplicas, raise the pool's maxSize, or set serviceUpgrade to ServiceUpgrade.NONE",
    );
  }
}

/**
 * KubeRay submits a job once all `replicas` of its cluster run. They need nodes beside the workers that the shared
 * cluster always has; what that has beyond them leaves when it is idle, and the job waits for it.
 */
function checkJobStarts(
  groups: readonly SizedGroup[],
  pools: readonly NodePoolConfig[],
  autoscaling: boolean,
  path: string,
  issues: IssueList,
): void {
  const atStart = ({ minReplicas, replicas }: SizedGroup) => (autoscaling ? minReplicas : replicas) + replicas;
  for (const { poolGroup, members, needed, free } of crowded(groups, pools, atStart)) {
    issues.add(
      path,
      Object.fromEntries(members.map(({ name, minReplicas, replicas }) => [name, { minReplicas, replicas }])),
      `a job starts once its own cluster has all replicas, in addition to those of the shared one: that takes ${needed} nodes of pool ${poolGroup}, which has ${free} for workers`,
      "lower minReplicas and replicas, raise the pool's maxSize, or remove jobEntrypoint",
    );
  }
}

/** Pools with too few nodes for what `replicasOf` says that each of their groups has. */
function crowded(
  groups: readonly SizedGroup[],
  pools: readonly NodePoolConfig[],
  replicasOf: (group: SizedGroup) => number,
): { readonly poolGroup: string; readonly members: SizedGroup[]; readonly needed: number; readonly free: number }[] {
  return [...new Set(groups.map((group) => group.poolGroup))].flatMap((poolGroup) => {
    const pool = pools.find(({ group }) => group === poolGroup);
    if (pool === undefined) {
      return []; // which is said already
    }
    const members = groups.filter((group) => group.poolGroup === poolGroup);
    const needed = members.reduce(
      (sum, group) => sum + Math.ceil((replicasOf(group) * group.numOfHosts) / workersPerNode(pool.node, group)),
      0,
    );
    const free = freeNodes(poolGroup, pools);
    return needed > free ? [{ poolGroup, members, needed, free }] : [];
  });
}

function resolveImage(
  group: RayWorkerGroupOptions,
  at: (field: string) => string,
  fallback: string,
  architecture: NodePoolConfig["architecture"],
  issues: IssueList,
): string {
  if (!checkPattern(group.image, "image", at("image"), issues)) {
    return fallback;
  }
  const named = imageArchitecture(group.image);
  if (group.image.endsWith(":latest") || group.image.endsWith(":nightly")) {
    issues.add(at("image"), group.image, "a tag that moves is not a version", "name a version");
  }
  if (named !== undefined && named !== architecture) {
    issues.add(
      at("image"),
      group.image,
      `the pool's nodes are ${architecture}, the image is ${named}`,
      architecture === "arm64" ? "use a tag ending in -aarch64" : "use a tag without -aarch64",
    );
  }
  return group.image;
}

function checkParams(
  group: RayWorkerGroupOptions,
  at: (field: string) => string,
  issues: IssueList,
): Record<string, string> {
  const params = group.rayStartParams ?? {};
  for (const [key, value] of Object.entries(params)) {
    checkPattern(value, "rayParameter", at(`rayStartParams.${key}`), issues);
    if (!/^[a-z]+(?:-[a-z]+)*$/.test(key)) {
      issues.add(
        at(`rayStartParams.${key}`),
        key,
        "must be a parameter of ray start without dashes in front",
        "write for example object-store-memory",
      );
    }
  }
  return { ...params };
}

/** Lowers the most workers of groups that name none until all groups together keep the totals; each such group gets an equal part. */
function fitDefaults(
  groups: readonly SizedGroup[],
  asked: readonly RayWorkerGroupOptions[],
  limits: RayLimits,
): SizedGroup[] {
  const isOpen = (index: number) => asked[index].maxReplicas === undefined;
  const named = groups.filter((_, index) => !isOpen(index));
  const open = groups.filter((_, index) => isOpen(index));
  const workers = (limits.max_total_workers - totalWorkers(named)) / open.length;
  const gpus = (limits.max_total_gpus - totalGpus(named)) / open.filter((group) => group.gpus > 0).length;
  return groups.map((group, index) => {
    if (!isOpen(index)) {
      return group;
    }
    const byWorkers = Math.floor(workers / group.numOfHosts);
    const byGpus = group.gpus > 0 ? Math.floor(gpus / (group.gpus * group.numOfHosts)) : Infinity;
    return { ...group, maxReplicas: Math.max(1, group.replicas, Math.min(group.maxReplicas, byWorkers, byGpus)) };
  });
}

function totalWorkers(groups: readonly SizedGroup[]): number {
  return groups.reduce((sum, group) => sum + group.maxReplicas * group.numOfHosts, 0);
}

function totalGpus(groups: readonly SizedGroup[]): number {
  return groups.reduce((sum, group) => sum + group.maxReplicas * group.numOfHosts * group.gpus, 0);
}

function checkTotals(groups: readonly SizedGroup[], limits: RayLimits, path: string, issues: IssueList): void {
  const workers = totalWorkers(groups);
  const gpus = totalGpus(groups);
  if (workers > limits.max_total_workers) {
    issues.add(
      path,
      workers,
      `all groups together may have ${limits.max_total_workers} workers (maxReplicas x numOfHosts)`,
      "lower maxReplicas, or raise policyLimits.maxTotalWorkers",
    );
  }
  if (gpus > limits.max_total_gpus) {
    issues.add(
      path,
      gpus,
      `all groups together may have ${limits.max_total_gpus} GPUs (maxReplicas x numOfHosts x gpus)`,
      "lower maxReplicas, or raise policyLimits.maxTotalGpus",
    );
  }
}
