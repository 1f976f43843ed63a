// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { PolicyLimitOptions } from "../options/policy-limit-options";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { instanceType, nearestInstanceType, UNKNOWN_INSTANCE_TYPE } from "./instance-types";
import { brokenLimits, type LimitRecord, RAY_LIMITS, TERRAFORM_LIMITS } from "./limit-records";
import { checkNumber, checkPattern } from "./patterns";
import type { EnvironmentConfig, PolicyLimits } from "./platform-config";
import { checkRegion } from "./regions";

/** All control-plane log types of EKS. */
export const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Defaults of the security document, section "OPA Policy Enforcement". */
const DEFAULT_REGIONS = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"];
const DEFAULT_TAGS = ["ManagedBy", "Environment", "Repository"];
const DEFAULT_CPU_TYPES = [
  "t3.medium",
  "t3.large",
  "t3.xlarge",
  "m5.large",
  "m5.xlarge",
  "m5.2xlarge",
  "m5.4xlarge",
  "m6g.xlarge",
  "m6g.2xlarge",
];
/** What GPU pools may use where no option says so: no accelerator is allowed for being chosen. */
export const DEFAULT_GPU_TYPES: readonly string[] = ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "p3.2xlarge"];
const DEFAULT_LABELS = ["ray.io/node-type", "app"];

/** Resolves the limits that policies, stacks and options enforce alike. A limit that is wrong gives way to its default. */
export function resolveLimits(options: RayPlatformProjectOptions, issues: IssueList): PolicyLimits {
  const limits = options.policyLimits ?? {};
  checkRegions(options.allowedRegions, issues);
  checkLists(limits, issues);
  const { max_nodes_per_group, max_gpu_nodes, ...volumes } = resolveNumbers(TERRAFORM_LIMITS, limits, issues);
  return {
    terraform: {
      allowed_regions: options.allowedRegions ?? DEFAULT_REGIONS,
      max_nodes_per_group,
      max_gpu_nodes,
      cpu_instance_types: limits.cpuInstanceTypes ?? DEFAULT_CPU_TYPES,
      gpu_instance_types: limits.gpuInstanceTypes ?? DEFAULT_GPU_TYPES,
      required_tags: limits.requiredTags ?? DEFAULT_TAGS,
      ...volumes,
      required_log_types: limits.requiredLogTypes ?? LOG_TYPES,
    },
    ray: { ...resolveNumbers(RAY_LIMITS, limits, issues), required_labels: limits.requiredLabels ?? DEFAULT_LABELS },
  };
}

/**
 * Refuses what an environment has beyond a limit. The options that a limit bounds are checked where they are resolved, with
 * their own paths; this is for what they leave, so that no platform is written whose stacks or policies would refuse it.
 */
export function checkLimits(environment: EnvironmentConfig, limits: PolicyLimits, issues: IssueList): void {
  for (const { name, record, limit, finding } of brokenLimits(environment, limits, () => true)) {
    const option = `policyLimits.${optionOf(name)}`;
    issues.add(
      option,
      limit,
      `${finding}, beyond this limit (${record.rule})`,
      `change what it bounds, or ${record.bounds === "most" ? "raise" : "lower"} ${option}`,
    );
  }
}

/** The option of a limit: `maxVolumeGib` of `max_volume_gib`. */
export function optionOf(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function resolveNumbers<Name extends string>(
  records: Readonly<Record<Name, LimitRecord>>,
  limits: PolicyLimitOptions,
  issues: IssueList,
): Record<Name, number> {
  const values: Record<string, number> = {};
  for (const [name, record] of Object.entries<LimitRecord>(records)) {
    const option = optionOf(name);
    const value = (limits as Readonly<Record<string, number | undefined>>)[option];
    const bounds = { min: record.from, max: record.to, fraction: record.fraction };
    values[name] = checkNumber(value, bounds, `policyLimits.${option}`, issues) ? value : record.fallback;
  }
  for (const [name, { atMost, fallback }] of Object.entries<LimitRecord>(records)) {
    if (atMost !== undefined && values[name] > values[atMost]) {
      const bound = `policyLimits.${optionOf(atMost)}`;
      issues.add(
        `policyLimits.${optionOf(name)}`,
        values[name],
        `must be at most ${bound} (${values[atMost]}), or nothing satisfies both`,
        `lower it, or raise ${bound}`,
      );
      values[name] = Math.min(fallback, values[atMost]);
    }
  }
  return values;
}

function checkLists(limits: PolicyLimitOptions, issues: IssueList): void {
  checkInstanceTypes(limits.cpuInstanceTypes, false, "policyLimits.cpuInstanceTypes", issues);
  checkInstanceTypes(limits.gpuInstanceTypes, true, "policyLimits.gpuInstanceTypes", issues);
  (limits.requiredTags ?? []).forEach((tag, index) =>
    checkPattern(tag, "tagKey", `policyLimits.requiredTags[${index}]`, issues),
  );
  (limits.requiredLabels ?? []).forEach((label, index) =>
    checkPattern(label, "labelKey", `policyLimits.requiredLabels[${index}]`, issues),
  );
  (limits.requiredLogTypes ?? []).forEach((type, index) => {
    if (!LOG_TYPES.includes(type)) {
      issues.add(
        `policyLimits.requiredLogTypes[${index}]`,
        type,
        "must be a log type of EKS",
        `use ${LOG_TYPES.join(", ")}`,
      );
    }
  });
}

function checkRegions(regions: readonly string[] | undefined, issues: IssueList): void {
  if (regions?.length === 0) {
    issues.add("allowedRegions", [], "at least one region is allowed", "list one, or remove it");
  }
  (regions ?? []).forEach((region, index) => checkRegion(region, `allowedRegions[${index}]`, issues));
}

function checkInstanceTypes(types: readonly string[] | undefined, gpu: boolean, path: string, issues: IssueList): void {
  (types ?? []).forEach((name, index) => {
    const type = instanceType(name);
    if (type === undefined) {
      issues.add(`${path}[${index}]`, name, UNKNOWN_INSTANCE_TYPE, nearestInstanceType(name));
    } else if (type.gpus > 0 !== gpu) {
      issues.add(
        `${path}[${index}]`,
        name,
        gpu ? "must have a GPU" : "must have no GPU",
        `list it in ${gpu ? "cpu" : "gpu"}InstanceTypes`,
      );
    }
  });
}
