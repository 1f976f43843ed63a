// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { nearestKey } from "../nearest-key";
import type { IssueList } from "../options/option-issues";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import { checkPattern } from "./patterns";
import type { NodePoolConfig, RayLimits } from "./platform-config";
import { type ImagePool, imageArchitecture } from "./ray-images";
import { resolveReplicas } from "./ray-worker-replicas";
import type { SizedGroup } from "./ray-worker-room";
import { resolveWorkerSize } from "./ray-worker-size";

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
  const members = membersOf(poolGroup, pools, at, issues);
  const [pool] = members;
  const size = resolveWorkerSize(group, pool, limits, at, issues);
  const replicas = resolveReplicas(group, size, { pools, members, shares }, at, issues);
  const fallback = rayImageOf({ architecture: pool.architecture, gpu: size.gpus > 0 });
  return {
    name: group.name,
    poolGroup,
    image: resolveImage(group, at, fallback, pool.architecture, issues),
    ...size,
    ...replicas,
    rayStartParams: checkParams(group, at, issues),
  };
}

/** Pools of a group; for a name that is unknown, any, so that the rest can be checked too. */
function membersOf(
  poolGroup: string,
  pools: readonly NodePoolConfig[],
  at: (field: string) => string,
  issues: IssueList,
): readonly [NodePoolConfig, ...NodePoolConfig[]] {
  const [first, ...others] = pools.filter(({ group }) => group === poolGroup);
  if (first !== undefined) {
    return [first, ...others];
  }
  const known = [...new Set(pools.map(({ group }) => group))];
  const near = nearestKey(poolGroup, known);
  issues.add(
    at("pool"),
    poolGroup,
    `must be a pool of the environment: ${known.join(", ")}`,
    near ? `did you mean ${near}?` : "add the pool to pools, or name one of them",
  );
  return [pools[0] as NodePoolConfig];
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
