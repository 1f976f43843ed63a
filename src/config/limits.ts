// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { PolicyLimitOptions } from "../options/policy-limit-options";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { instanceType, nearestInstanceType, UNKNOWN_INSTANCE_TYPE } from "./instance-types";
import { checkNumber, checkPattern } from "./patterns";
import { checkRegion } from "./regions";
import type { PolicyLimits, RayLimits, TerraformLimits } from "./platform-config";

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
/** Cores, and GiB. */
const LEAST_REQUEST = 0.5;

/** Resolves the limits that policies, stacks and options enforce alike. A limit that is wrong gives way to its default. */
export function resolveLimits(options: RayPlatformProjectOptions, issues: IssueList): PolicyLimits {
  const limits = options.policyLimits ?? {};
  checkRegions(options.allowedRegions, issues);
  checkLists(limits, issues);
  return { terraform: terraformLimits(options, limits, issues), ray: rayLimits(limits, issues) };
}

/** Limits that are numbers. */
type NumericLimit = {
  [K in keyof PolicyLimitOptions]-?: PolicyLimitOptions[K] extends number | undefined ? K : never;
}[keyof PolicyLimitOptions];

function whole(
  limits: PolicyLimitOptions,
  field: NumericLimit,
  min: number,
  max: number,
  fallback: number,
  issues: IssueList,
): number {
  const value = limits[field];
  return checkNumber(value, { min, max }, `policyLimits.${field}`, issues) ? value : fallback;
}

function fraction(
  limits: PolicyLimitOptions,
  field: NumericLimit,
  max: number,
  fallback: number,
  issues: IssueList,
): number {
  const value = limits[field];
  return checkNumber(value, { min: 0.001, max, fraction: true }, `policyLimits.${field}`, issues) ? value : fallback;
}

function terraformLimits(
  options: RayPlatformProjectOptions,
  limits: PolicyLimitOptions,
  issues: IssueList,
): TerraformLimits {
  return {
    allowed_regions: options.allowedRegions ?? DEFAULT_REGIONS,
    max_nodes_per_group: whole(limits, "maxNodesPerGroup", 1, 450, 20, issues),
    max_gpu_nodes: whole(limits, "maxGpuNodes", 0, 1000, 10, issues),
    cpu_instance_types: limits.cpuInstanceTypes ?? DEFAULT_CPU_TYPES,
    gpu_instance_types: limits.gpuInstanceTypes ?? DEFAULT_GPU_TYPES,
    required_tags: limits.requiredTags ?? DEFAULT_TAGS,
    max_volume_gib: whole(limits, "maxVolumeGib", 20, 16384, 500, issues),
    required_log_types: limits.requiredLogTypes ?? LOG_TYPES,
  };
}

function rayLimits(limits: PolicyLimitOptions, issues: IssueList): RayLimits {
  const maxCpu = fraction(limits, "maxCpuPerWorker", 448, 16, issues);
  const maxMemory = fraction(limits, "maxMemoryGibPerWorker", 24576, 64, issues);
  const minCpu = fraction(limits, "minCpuRequest", 448, LEAST_REQUEST, issues);
  const minMemory = fraction(limits, "minMemoryGibRequest", 24576, LEAST_REQUEST, issues);
  return {
    max_cpu_per_worker: maxCpu,
    max_memory_gib_per_worker: maxMemory,
    max_gpu_per_worker: whole(limits, "maxGpuPerWorker", 0, 16, 4, issues),
    max_total_workers: whole(limits, "maxTotalWorkers", 1, 10000, 50, issues),
    max_total_gpus: whole(limits, "maxTotalGpus", 0, 10000, 20, issues),
    min_cpu_request: atMost(minCpu, maxCpu, "minCpuRequest", "maxCpuPerWorker", issues),
    min_memory_gib_request: atMost(minMemory, maxMemory, "minMemoryGibRequest", "maxMemoryGibPerWorker", issues),
    required_labels: limits.requiredLabels ?? DEFAULT_LABELS,
  };
}

function atMost(least: number, most: number, field: NumericLimit, bound: NumericLimit, issues: IssueList): number {
  if (least > most) {
    issues.add(
      `policyLimits.${field}`,
      least,
      `must be at most policyLimits.${bound} (${most}), or no worker satisfies both`,
      `lower it, or raise policyLimits.${bound}`,
    );
    return Math.min(LEAST_REQUEST, most);
  }
  return least;
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
