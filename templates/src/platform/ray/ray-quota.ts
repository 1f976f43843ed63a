// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";

/** Room for short-lived pods: a job's submitter, KubeRay's Redis clean-up, a worker that is still terminating. */
const spare = { cpu: 2, memoryGib: 4, pods: 4 };

/** `spec.hard` of the Ray namespace's quota: what all groups at their largest take. */
export function rayQuota({ ray }: EnvironmentConfig): Record<string, string> {
  let cpu = ray.head.cpu + ray.autoscaler.cpu;
  let memoryGib = ray.head.memoryGib + ray.autoscaler.memoryGib;
  let gpus = 0;
  let pods = 1;
  for (const group of ray.workerGroups) {
    const count = group.maxReplicas * group.numOfHosts;
    cpu += count * group.cpu;
    memoryGib += count * group.memoryGib;
    gpus += count * group.gpus;
    pods += count;
  }
  // An upgrade of a RayService runs old and new cluster side by side; a RayJob has one of its own as well.
  const clusters = ray.service?.upgrade === "NewCluster" || ray.job !== null ? 2 : 1;
  const totalCpu = String(Math.ceil(clusters * cpu + spare.cpu));
  const totalMemory = `${Math.ceil(clusters * memoryGib + spare.memoryGib)}Gi`;
  return {
    "requests.cpu": totalCpu,
    "limits.cpu": totalCpu,
    "requests.memory": totalMemory,
    "limits.memory": totalMemory,
    "requests.nvidia.com/gpu": String(clusters * gpus),
    pods: String(clusters * pods + spare.pods),
  };
}
