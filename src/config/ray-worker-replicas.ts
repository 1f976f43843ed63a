// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import { checkNumber } from "./patterns";
import type { NodePoolConfig, RayWorkerGroupConfig } from "./platform-config";
import { freeNodes, workersPerNode } from "./ray-worker-room";
import type { WorkerSize } from "./ray-worker-size";

type Replicas = Pick<RayWorkerGroupConfig, "minReplicas" | "replicas" | "maxReplicas" | "numOfHosts">;

/** The pools that a group's workers run on. */
export interface GroupPools {
  readonly pools: readonly NodePoolConfig[];
  /** Those of the group. */
  readonly members: readonly [NodePoolConfig, ...NodePoolConfig[]];
  /** Equal parts into which the pool is divided, of which the group gets one by default. */
  readonly shares: number;
}

/** How many workers a group has: by default none to begin with, and at most what its share of the pool holds. */
export function resolveReplicas(
  group: RayWorkerGroupOptions,
  size: WorkerSize,
  { pools, members, shares }: GroupPools,
  at: (field: string) => string,
  issues: IssueList,
): Replicas {
  const [{ group: poolGroup, node }] = members;
  const numOfHosts = group.numOfHosts ?? 1;
  const perNode = workersPerNode(node, size);
  const room = Math.floor((freeNodes(poolGroup, pools) * perNode) / numOfHosts / shares);
  const minReplicas = group.minReplicas ?? 0;
  const replicas = group.replicas ?? minReplicas;
  const maxReplicas = group.maxReplicas ?? Math.max(1, replicas, room);

  checkNumber(group.numOfHosts, { min: 1, max: 64 }, at("numOfHosts"), issues);
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
  const mostWorkers = members.reduce((sum, pool) => sum + pool.maxSize, 0) * perNode;
  if (minReplicas * numOfHosts > mostWorkers) {
    issues.add(
      at("minReplicas"),
      minReplicas,
      `pool ${poolGroup} has room for at most ${mostWorkers} such workers, so the rest would stay pending`,
      "lower minReplicas or raise the pool's maxSize",
    );
  }
  return { minReplicas, replicas, maxReplicas, numOfHosts };
}
