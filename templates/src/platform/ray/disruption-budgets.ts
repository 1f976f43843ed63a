// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { poolsOf } from "./pod-template";
import { instanceLabel } from "./ray-cluster";
import { rayJobName } from "./ray-job-name";

/** Pods that evictions must leave. */
export interface DisruptionBudget {
  readonly name: string;
  readonly minAvailable: number;
  /** Whether a pod that never became ready may be evicted all the same. */
  readonly evictsUnready: boolean;
  readonly selector: Readonly<Record<string, string>>;
}

/** The pods of one RayCluster, RayService or RayJob. */
interface Owner {
  /** End of the names of its budgets. */
  readonly suffix: string;
  /** Labels by which its pods are known from those of others. */
  readonly selector: Readonly<Record<string, string>>;
  /** Heads that it may have at a time. */
  readonly heads: number;
}

/**
 * The budgets of each cluster, which tell its pods from those of another cluster by name. Evicting a head ends
 * every job, so none may go: its budget asks for as many heads as there can be.
 */
export function disruptionBudgets(environment: EnvironmentConfig): DisruptionBudget[] {
  return owners(environment).flatMap(({ suffix, selector, heads }) => [
    {
      name: `ray-head${suffix}`,
      minAvailable: heads,
      evictsUnready: false,
      selector: { "ray.io/node-type": "head", ...selector },
    },
    ...workerGroupMinimums(environment).map(({ group, minAvailable }) => ({
      name: `ray-worker-${group}${suffix}`,
      minAvailable,
      evictsUnready: true,
      selector: { "ray.io/node-type": "worker", "ray.io/group": group, ...selector },
    })),
  ]);
}

function owners(environment: EnvironmentConfig): Owner[] {
  const { ray } = environment;
  const main: Owner =
    ray.service === null
      ? { suffix: "", selector: { "ray.io/cluster": ray.clusterName }, heads: 1 }
      : // An upgrade has the old cluster, the new one, and for a minute one that was replaced before.
        {
          suffix: "",
          selector: { [instanceLabel]: ray.clusterName },
          heads: ray.service.upgrade === "NewCluster" ? 3 : 1,
        };
  return ray.job === null
    ? [main]
    : [main, { suffix: "-job", selector: { [instanceLabel]: rayJobName(environment) }, heads: 1 }];
}

/**
 * Groups at their smallest lose one worker at a time. A group that may shrink to one worker or none has no budget: it would
 * either allow everything or hold the node of its last worker for ever. Nor has a group on spot nodes: EC2 takes several at
 * once and does not wait, so a worker whose eviction is held is not drained, but lost.
 */
function workerGroupMinimums(
  environment: EnvironmentConfig,
): { readonly group: string; readonly minAvailable: number }[] {
  return environment.ray.workerGroups
    .filter(({ poolGroup }) => poolsOf(environment, poolGroup).every(({ capacityType }) => capacityType !== "SPOT"))
    .map(({ name, minReplicas, replicas, numOfHosts }) => ({
      group: name,
      minAvailable: (environment.ray.autoscaler.enabled ? minReplicas : replicas) * numOfHosts - 1,
    }))
    .filter(({ minAvailable }) => minAvailable > 0);
}
