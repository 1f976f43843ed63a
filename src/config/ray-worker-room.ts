// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { NodePoolConfig, RayWorkerGroupConfig } from "./platform-config";

/** A worker group before it is known what it runs as. */
export type SizedGroup = Omit<RayWorkerGroupConfig, "serviceAccount">;

/** Nodes of the CPU pool that the head and the system pods fill. */
const SYSTEM_NODES = 2;

/** Workers of a size that a node holds; at least 1, since a worker that fits no node is refused already. */
export function workersPerNode(
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
export function freeNodes(poolGroup: string, pools: readonly NodePoolConfig[]): number {
  const nodes = pools.filter(({ group }) => group === poolGroup).reduce((sum, { maxSize }) => sum + maxSize, 0);
  return Math.max(0, nodes - (poolGroup === "cpu" ? SYSTEM_NODES : 0));
}

/**
 * At its largest, a service leaves its pools no room for the second cluster of an upgrade, whose workers would stay
 * pending: the upgrade would never end, and Helm would call it deployed.
 */
export function checkFitsTwice(
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
export function checkJobStarts(
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
