// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { poolsOf } from "./pod-template";

/** Ray pods that no node could run, and Ray resources that contradict each other. */
export function rayViolations(environment: EnvironmentConfig): string[] {
  const { ray } = environment;
  const where = `environment "${environment.name}"`;
  const violations: string[] = [];
  const sidecar = ray.autoscaler;
  violations.push(
    ...misfits(environment, `${where} ray.head`, ray.head.poolGroup, {
      cpu: ray.head.cpu + sidecar.cpu,
      memoryGib: ray.head.memoryGib + sidecar.memoryGib,
      gpus: 0,
    }),
  );
  if (
    poolsOf(environment, ray.head.poolGroup).some((pool) => pool.node.gpus > 0 || pool.capacityType !== "ON_DEMAND")
  ) {
    violations.push(
      `${where} ray.head.poolGroup "${ray.head.poolGroup}" must be on demand and without GPU: losing the head loses the cluster`,
    );
  }
  for (const group of ray.workerGroups) {
    violations.push(...misfits(environment, `${where} ray.workerGroups "${group.name}"`, group.poolGroup, group));
    const pools = poolsOf(environment, group.poolGroup);
    if (group.gpus === 0 && pools.some((pool) => pool.node.gpus > 0)) {
      violations.push(
        `${where} ray.workerGroups "${group.name}" asks for no GPU but runs on GPU pool group "${group.poolGroup}"; use a pool without GPU`,
      );
    }
    if (new Set(pools.map((pool) => pool.architecture)).size > 1) {
      violations.push(
        `${where} pool group "${group.poolGroup}" mixes architectures, and an image has one; split the group`,
      );
    }
  }
  if (ray.job !== null && ray.service !== null) {
    violations.push(
      `${where} ray.job and ray.service would compete for the same nodes, since an upgrade of the service runs it twice; choose one`,
    );
  }
  return violations;
}

/** A pod must fit the smallest node of each pool in its group, or it stays pending while the autoscaler adds nodes that do not help. */
function misfits(
  environment: EnvironmentConfig,
  what: string,
  poolGroup: string,
  request: { readonly cpu: number; readonly memoryGib: number; readonly gpus: number },
): string[] {
  const pools = poolsOf(environment, poolGroup);
  if (pools.length === 0) {
    return [
      `${what} poolGroup "${poolGroup}" names no pool; pools are ${environment.pools.map((pool) => `"${pool.group}"`).join(", ")}`,
    ];
  }
  return pools.flatMap(({ name, node }) => {
    const checks: [string, number, number][] = [
      ["CPU", request.cpu, node.allocatable.cpuMillis / 1000],
      ["GiB of memory", request.memoryGib, node.allocatable.memoryMib / 1024],
      ["GPUs", request.gpus, node.gpus],
    ];
    return checks
      .filter(([, wanted, offered]) => wanted > offered)
      .map(
        ([resource, wanted, offered]) =>
          `${what} needs ${wanted} ${resource}, a node of pool "${name}" offers ${Math.floor(offered * 100) / 100}; ask for less or use larger instance types`,
      );
  });
}
