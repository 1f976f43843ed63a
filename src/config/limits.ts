// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../options/accelerator";
import type { IssueList } from "../options/option-issues";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { instanceType, nearestInstanceType, UNKNOWN_INSTANCE_TYPE } from "./instance-types";
import { packageData } from "./package-data";
import { checkNumber, checkPattern } from "./patterns";
import { checkRegion } from "./regions";
import type { PolicyLimits } from "./platform-config";

/** All control-plane log types of EKS. */
export const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Defaults of the security document, section "OPA Policy Enforcement". */
const DEFAULT_REGIONS = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"];
const DEFAULT_TAGS = ["ManagedBy", "Environment", "Repository"];
const DEFAULT_CPU_TYPES = [
  "t3.medium", "t3.large", "t3.xlarge", "m5.large", "m5.xlarge", "m5.2xlarge", "m5.4xlarge", "m6g.xlarge", "m6g.2xlarge",
];
const DEFAULT_GPU_TYPES = ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "p3.2xlarge"];
const DEFAULT_LABELS = ["ray.io/node-type", "app"];
const MAX_CPU = 16;
const MAX_MEMORY_GIB = 64;
const MIN_CPU = 0.5;
const MIN_MEMORY_GIB = 0.5;

/** Resolves the limits that policies, stacks and options enforce alike. */
export function resolveLimits(options: RayPlatformProjectOptions, issues: IssueList): PolicyLimits {
  const limits = options.policyLimits ?? {};
  const at = (field: string) => `policyLimits.${field}`;
  const whole = (field: "maxNodesPerGroup" | "maxGpuNodes" | "maxVolumeGib" | "maxTotalWorkers" | "maxTotalGpus" | "maxGpuPerWorker", min: number, max: number) =>
    checkNumber(limits[field], { min, max }, at(field), issues);
  const fraction = (field: "maxCpuPerWorker" | "maxMemoryGibPerWorker" | "minCpuRequest" | "minMemoryGibRequest", max: number) =>
    checkNumber(limits[field], { min: 0.001, max, fraction: true }, at(field), issues);

  checkRegions(options.allowedRegions, issues);
  whole("maxNodesPerGroup", 1, 450);
  whole("maxGpuNodes", 0, 1000);
  whole("maxVolumeGib", 20, 16384);
  whole("maxTotalWorkers", 1, 10000);
  whole("maxTotalGpus", 0, 10000);
  whole("maxGpuPerWorker", 0, 16);
  fraction("maxCpuPerWorker", 448);
  fraction("maxMemoryGibPerWorker", 24576);
  fraction("minCpuRequest", 448);
  fraction("minMemoryGibRequest", 24576);
  checkInstanceTypes(limits.cpuInstanceTypes, false, at("cpuInstanceTypes"), issues);
  checkInstanceTypes(limits.gpuInstanceTypes, true, at("gpuInstanceTypes"), issues);
  (limits.requiredTags ?? []).forEach((tag, index) => checkPattern(tag, "tagKey", at(`requiredTags[${index}]`), issues));
  (limits.requiredLabels ?? []).forEach((label, index) => checkPattern(label, "labelKey", at(`requiredLabels[${index}]`), issues));
  (limits.requiredLogTypes ?? []).forEach((type, index) => {
    if (!LOG_TYPES.includes(type)) {
      issues.add(at(`requiredLogTypes[${index}]`), type, "must be a log type of EKS", `use ${LOG_TYPES.join(", ")}`);
    }
  });

  checkOrder("CpuRequest", limits.minCpuRequest ?? MIN_CPU, "maxCpuPerWorker", limits.maxCpuPerWorker ?? MAX_CPU, issues);
  checkOrder("MemoryGibRequest", limits.minMemoryGibRequest ?? MIN_MEMORY_GIB, "maxMemoryGibPerWorker", limits.maxMemoryGibPerWorker ?? MAX_MEMORY_GIB, issues);

  return {
    terraform: {
      allowed_regions: options.allowedRegions ?? DEFAULT_REGIONS,
      max_nodes_per_group: limits.maxNodesPerGroup ?? 20,
      max_gpu_nodes: limits.maxGpuNodes ?? 10,
      cpu_instance_types: limits.cpuInstanceTypes ?? DEFAULT_CPU_TYPES,
      gpu_instance_types: limits.gpuInstanceTypes ?? [...new Set([...DEFAULT_GPU_TYPES, ...acceleratorTypes(options)])],
      required_tags: limits.requiredTags ?? DEFAULT_TAGS,
      max_volume_gib: limits.maxVolumeGib ?? 500,
      required_log_types: limits.requiredLogTypes ?? LOG_TYPES,
    },
    ray: {
      max_cpu_per_worker: limits.maxCpuPerWorker ?? MAX_CPU,
      max_memory_gib_per_worker: limits.maxMemoryGibPerWorker ?? MAX_MEMORY_GIB,
      max_gpu_per_worker: limits.maxGpuPerWorker ?? 4,
      max_total_workers: limits.maxTotalWorkers ?? 50,
      max_total_gpus: limits.maxTotalGpus ?? 20,
      min_cpu_request: limits.minCpuRequest ?? MIN_CPU,
      min_memory_gib_request: limits.minMemoryGibRequest ?? MIN_MEMORY_GIB,
      required_labels: limits.requiredLabels ?? DEFAULT_LABELS,
    },
  };
}

function checkRegions(regions: readonly string[] | undefined, issues: IssueList): void {
  if (regions?.length === 0) {
    issues.add("allowedRegions", [], "at least one region is allowed", "list one, or remove it");
  }
  (regions ?? []).forEach((region, index) => checkRegion(region, `allowedRegions[${index}]`, issues));
}

function checkOrder(min: string, least: number, most: string, greatest: number, issues: IssueList): void {
  if (least > greatest) {
    issues.add(`policyLimits.min${min}`, least, `must be at most policyLimits.${most} (${greatest}), or no worker satisfies both`, `lower it, or raise policyLimits.${most}`);
  }
}

/** Instance types that stand behind the accelerators chosen anywhere in the options. */
function acceleratorTypes(options: RayPlatformProjectOptions): string[] {
  const chosen = [options.accelerator, ...(options.environments ?? []).map((environment) => environment.accelerator)];
  return chosen.flatMap((accelerator) => typesOfAccelerator(accelerator ?? Accelerator.NONE));
}

/** Instance types of an accelerator, from data/accelerators.json. */
export function typesOfAccelerator(accelerator: Accelerator): readonly string[] {
  return packageData<{ readonly [name: string]: readonly string[] }>("accelerators")[accelerator] ?? [];
}

function checkInstanceTypes(types: readonly string[] | undefined, gpu: boolean, path: string, issues: IssueList): void {
  (types ?? []).forEach((name, index) => {
    const type = instanceType(name);
    if (type === undefined) {
      issues.add(`${path}[${index}]`, name, UNKNOWN_INSTANCE_TYPE, nearestInstanceType(name));
    } else if (type.gpus > 0 !== gpu) {
      issues.add(`${path}[${index}]`, name, gpu ? "must have a GPU" : "must have no GPU", `list it in ${gpu ? "cpu" : "gpu"}InstanceTypes`);
    }
  });
}
