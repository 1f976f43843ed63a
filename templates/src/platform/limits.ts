// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Token } from "cdktf";
import { brokenLimits } from "./limit-records";
import type { EnvironmentConfig, PolicyLimits } from "./platform-config";

/*
 * The limits that the policies enforce (`policies/data.json`), so that what exceeds them fails at synth and not in a
 * pull request's checks (control OPA-03). A value that is known only at apply is left to the policy on the plan.
 */

/** Everything of an environment that exceeds a limit. */
export function limitViolations(environment: EnvironmentConfig, limits: PolicyLimits): string[] {
  return [environmentViolations, poolViolations, numberViolations].flatMap((violations) =>
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

/** Node pools: instance types, and room to scale. */
function poolViolations({ name, pools }: EnvironmentConfig, { terraform }: PolicyLimits): string[] {
  const violations: string[] = [];
  for (const pool of pools) {
    const where = `pool "${pool.name}" of "${name}"`;
    const allowed = pool.node.gpus > 0 ? terraform.gpu_instance_types : terraform.cpu_instance_types;
    for (const type of pool.instanceTypes.filter((one) => !Token.isUnresolved(one) && !allowed.includes(one))) {
      violations.push(`instance type: ${where} uses ${type}, allowed are ${allowed.join(", ")}`);
    }
    if (known(pool.minSize) && known(pool.maxSize) && pool.minSize >= pool.maxSize) {
      violations.push(`autoscaling: ${where} has minSize ${pool.minSize}, which must be below maxSize ${pool.maxSize}`);
    }
  }
  return violations;
}

/** Numbers that have a limit. */
function numberViolations(environment: EnvironmentConfig, limits: PolicyLimits): string[] {
  return brokenLimits(environment, limits, known).map(
    ({ record, limit, finding }) => `${record.title}: ${finding}, the limit is ${limit}`,
  );
}

function known(value: number): boolean {
  return !Token.isUnresolved(value);
}
