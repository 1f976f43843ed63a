// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Token } from "cdktf";
import type { EnvironmentConfig, PolicyLimits } from "./platform-config";

/*
 * The limits that the policies enforce (`policies/data.json`), so that what exceeds them fails at synth and not in a
 * pull request's checks (control OPA-03). A value that is known only at apply is left to the policy on the plan.
 */

/** Everything of an environment that exceeds a limit. */
export function limitViolations(environment: EnvironmentConfig, limits: PolicyLimits): string[] {
  return [environmentViolations, poolViolations, workerViolations].flatMap((violations) =>
    violations(environment, limits),
  );
}

/** What concerns the whole environment: its region, that of its state, and tags. */
function environmentViolations(
  { name, region, state, tags }: EnvironmentConfig,
  { terraform }: PolicyLimits,
): string[] {
  const violations: string[] = [];
  for (const [what, where] of [
    [`environment "${name}"`, region],
    [`the state of "${name}"`, state.region],
  ] as const) {
    if (!Token.isUnresolved(where) && !terraform.allowed_regions.includes(where)) {
      violations.push(`region: ${what} is in ${where}, allowed are ${terraform.allowed_regions.join(", ")}`);
    }
  }
  for (const tag of terraform.required_tags.filter((required) => !tags[required])) {
    violations.push(`tags: environment "${name}" has no tag "${tag}"`);
  }
  return violations;
}

/** Node pools: instance types, counts, volumes, room to scale. */
function poolViolations({ name, pools }: EnvironmentConfig, { terraform }: PolicyLimits): string[] {
  const violations: string[] = [];
  let gpuNodes = 0;
  for (const pool of pools) {
    const where = `pool "${pool.name}" of "${name}"`;
    const isGpu = pool.node.gpus > 0;
    const allowed = isGpu ? terraform.gpu_instance_types : terraform.cpu_instance_types;
    for (const type of pool.instanceTypes.filter((one) => !Token.isUnresolved(one) && !allowed.includes(one))) {
      violations.push(`instance type: ${where} uses ${type}, allowed are ${allowed.join(", ")}`);
    }
    if (exceeds(pool.maxSize, terraform.max_nodes_per_group)) {
      violations.push(
        `nodes per group: ${where} may grow to ${pool.maxSize}, the limit is ${terraform.max_nodes_per_group}`,
      );
    }
    if (known(pool.minSize) && known(pool.maxSize) && pool.minSize >= pool.maxSize) {
      violations.push(`autoscaling: ${where} has minSize ${pool.minSize}, which must be below maxSize ${pool.maxSize}`);
    }
    if (exceeds(pool.volume.sizeGib, terraform.max_volume_gib)) {
      violations.push(
        `volume: ${where} has volumes of ${pool.volume.sizeGib} GiB, the limit is ${terraform.max_volume_gib}`,
      );
    }
    gpuNodes += isGpu && known(pool.maxSize) ? pool.maxSize : 0;
  }
  if (gpuNodes > terraform.max_gpu_nodes) {
    violations.push(
      `GPU nodes: the GPU pools of "${name}" may grow to ${gpuNodes} together, the limit is ${terraform.max_gpu_nodes}`,
    );
  }
  return violations;
}

/** Ray workers: each one's request, and all together. */
function workerViolations({ name, ray }: EnvironmentConfig, { ray: limits }: PolicyLimits): string[] {
  const violations: string[] = [];
  let workers = 0;
  let gpus = 0;
  for (const group of ray.workerGroups) {
    const checks: [string, number, number][] = [
      ["cpu", group.cpu, limits.max_cpu_per_worker],
      ["memoryGib", group.memoryGib, limits.max_memory_gib_per_worker],
      ["gpus", group.gpus, limits.max_gpu_per_worker],
    ];
    for (const [option, value, limit] of checks.filter(([, value, limit]) => exceeds(value, limit))) {
      violations.push(`Ray worker: group "${group.name}" of "${name}" has ${option} ${value}, the limit is ${limit}`);
    }
    const minimums: [string, number, number][] = [
      ["cpu", group.cpu, limits.min_cpu_request],
      ["memoryGib", group.memoryGib, limits.min_memory_gib_request],
    ];
    for (const [option, value, limit] of minimums.filter(([, value, limit]) => known(value) && value < limit)) {
      violations.push(
        `Ray worker: group "${group.name}" of "${name}" has ${option} ${value}, at least ${limit} is asked for`,
      );
    }
    workers += group.maxReplicas * group.numOfHosts;
    gpus += group.maxReplicas * group.numOfHosts * group.gpus;
  }
  if (exceeds(workers, limits.max_total_workers)) {
    violations.push(
      `Ray workers: the groups of "${name}" may grow to ${workers} together, the limit is ${limits.max_total_workers}`,
    );
  }
  if (exceeds(gpus, limits.max_total_gpus)) {
    violations.push(
      `Ray GPUs: the groups of "${name}" may use ${gpus} together, the limit is ${limits.max_total_gpus}`,
    );
  }
  return violations;
}

function known(value: number): boolean {
  return !Token.isUnresolved(value);
}

function exceeds(value: number, limit: number): boolean {
  return known(value) && value > limit;
}
