// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Token } from "cdktf";
import type { EnvironmentConfig, PolicyLimits } from "./platform-config";

/**
 * What of an environment exceeds the limits that the policies enforce (`policies/data/limits.json`), so that it fails at
 * synth and not in a pull request's checks. A value that is known only at apply is left to the policy on the plan.
 */
export function limitViolations(environment: EnvironmentConfig, limits: PolicyLimits): string[] {
  return [...terraformViolations(environment, limits), ...rayViolations(environment, limits)];
}

function over(value: number, limit: number): boolean {
  return !Token.isUnresolved(value) && value > limit;
}

function terraformViolations(environment: EnvironmentConfig, { terraform }: PolicyLimits): string[] {
  const violations: string[] = [];
  const report = (rule: string, what: string, value: unknown, limit: unknown, fix: string): void => {
    violations.push(`${rule}: ${what} is ${JSON.stringify(value)}, the limit is ${JSON.stringify(limit)}; ${fix}`);
  };
  if (!Token.isUnresolved(environment.region) && !terraform.allowed_regions.includes(environment.region)) {
    report("region", `environment "${environment.name}" region`, environment.region, terraform.allowed_regions, "use one of these regions");
  }
  for (const tag of terraform.required_tags) {
    if (!environment.tags[tag]) {
      report("tags", `environment "${environment.name}" tag "${tag}"`, environment.tags[tag] ?? null, "not empty", "set the tag");
    }
  }
  let gpuNodes = 0;
  for (const pool of environment.pools) {
    const name = `pool "${pool.name}"`;
    const allowed = pool.node.gpus > 0 ? terraform.gpu_instance_types : terraform.cpu_instance_types;
    for (const type of pool.instanceTypes) {
      if (!Token.isUnresolved(type) && !allowed.includes(type)) {
        report("instance type", `${name} instance type`, type, allowed, "use an allowed type or allow this one in the limits");
      }
    }
    if (over(pool.maxSize, terraform.max_nodes_per_group)) {
      report("nodes per group", `${name} maxSize`, pool.maxSize, terraform.max_nodes_per_group, "lower maxSize or split the pool");
    }
    if (!Token.isUnresolved(pool.minSize) && !Token.isUnresolved(pool.maxSize) && pool.minSize >= pool.maxSize) {
      report("autoscaling", `${name} minSize`, pool.minSize, `below maxSize ${pool.maxSize}`, "leave room to scale");
    }
    if (over(pool.volume.sizeGib, terraform.max_volume_gib)) {
      report("volume size", `${name} volume.sizeGib`, pool.volume.sizeGib, terraform.max_volume_gib, "use a smaller volume");
    }
    gpuNodes += pool.node.gpus > 0 && !Token.isUnresolved(pool.maxSize) ? pool.maxSize : 0;
  }
  if (gpuNodes > terraform.max_gpu_nodes) {
    report("GPU nodes", `maxSize of all GPU pools of "${environment.name}"`, gpuNodes, terraform.max_gpu_nodes, "lower maxSize of the GPU pools");
  }
  return violations;
}

function rayViolations({ ray }: EnvironmentConfig, { ray: limits }: PolicyLimits): string[] {
  const violations: string[] = [];
  let workers = 0;
  let gpus = 0;
  for (const group of ray.workerGroups) {
    const checks: [string, number, number][] = [
      ["cpu", group.cpu, limits.max_cpu_per_worker],
      ["memoryGib", group.memoryGib, limits.max_memory_gib_per_worker],
      ["gpus", group.gpus, limits.max_gpu_per_worker],
    ];
    for (const [option, value, limit] of checks) {
      if (over(value, limit)) {
        violations.push(`ray worker: group "${group.name}" ${option} is ${value}, the limit is ${limit}; lower it or raise the limit`);
      }
    }
    workers += group.maxReplicas * group.numOfHosts;
    gpus += group.maxReplicas * group.numOfHosts * group.gpus;
  }
  if (over(workers, limits.max_total_workers)) {
    violations.push(`ray workers: all groups together allow ${workers}, the limit is ${limits.max_total_workers}; lower maxReplicas`);
  }
  if (over(gpus, limits.max_total_gpus)) {
    violations.push(`ray GPUs: all groups together allow ${gpus}, the limit is ${limits.max_total_gpus}; lower maxReplicas`);
  }
  return violations;
}
