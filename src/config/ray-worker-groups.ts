// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { nearestKey } from "../nearest-key";
import type { IssueList } from "../options/option-issues";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import { checkNumber, checkPattern } from "./patterns";
import type { NodePoolConfig, RayLimits } from "./platform-config";
import { type ImagePool, imageArchitecture } from "./ray-images";
import { freeNodes, type SizedGroup, workersPerNode } from "./ray-worker-room";

export function defaultGroups(pools: readonly NodePoolConfig[], limits: RayLimits): RayWorkerGroupOptions[] {
  const groups: RayWorkerGroupOptions[] = [{ name: "cpu-workers", pool: "cpu" }];
  if (pools.some(({ group }) => group === "gpu") && Math.min(limits.max_gpu_per_worker, limits.max_total_gpus) > 0) {
    groups.push({ name: "gpu-workers", pool: "gpu" });
  }
  return groups;
}

export interface GroupContext {
  readonly pools: readonly NodePoolConfig[];
  readonly limits: RayLimits;
  readonly rayImageOf: (pool: ImagePool) => string;
  /** Equal parts into which the pool is divided, of which the group gets one by default. */
  readonly shares: number;
}

export function resolveGroup(
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
        `must fit a node of pool ${poolGroup}: ${fit} next to its daemon sets (${instanceTypes.join(", ")})`,
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
