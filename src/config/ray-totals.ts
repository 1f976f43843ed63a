// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { RayWorkerGroupOptions } from "../options/ray-worker-group-options";
import type { RayLimits } from "./platform-config";
import type { SizedGroup } from "./ray-worker-room";

/** Lowers the most workers of groups that name none until all groups together keep the totals; each such group gets an equal part. */
export function fitDefaults(
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

export function totalWorkers(groups: readonly SizedGroup[]): number {
  return groups.reduce((sum, group) => sum + group.maxReplicas * group.numOfHosts, 0);
}

function totalGpus(groups: readonly SizedGroup[]): number {
  return groups.reduce((sum, group) => sum + group.maxReplicas * group.numOfHosts * group.gpus, 0);
}

export function checkTotals(groups: readonly SizedGroup[], limits: RayLimits, path: string, issues: IssueList): void {
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
