// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../options/accelerator";
import type { IssueList } from "../options/option-issues";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { instanceType } from "./instance-types";
import { packageData } from "./package-data";
import { checkNumber, checkPattern } from "./patterns";
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

/** Resolves the limits that policies, stacks and options enforce alike. */
export function resolveLimits(options: RayPlatformProjectOptions, issues: IssueList): PolicyLimits {
  const limits = options.policyLimits ?? {};
  const at = (field: string) => `policyLimits.${field}`;
  const whole = (field: "maxNodesPerGroup" | "maxGpuNodes" | "maxVolumeGib" | "maxTotalWorkers" | "maxTotalGpus" | "maxGpuPerWorker", min: number, max: number) =>
    checkNumber(limits[field], { min, max }, at(field), issues);
  const fraction = (field: "maxCpuPerWorker" | "maxMemoryGibPerWorker" | "minCpuRequest" | "minMemoryGibRequest", max: number) =>
    checkNumber(limits[field], { min: 0.001, max, fraction: true }, at(field), issues);

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
      max_cpu_per_worker: limits.maxCpuPerWorker ?? 16,
      max_memory_gib_per_worker: limits.maxMemoryGibPerWorker ?? 64,
      max_gpu_per_worker: limits.maxGpuPerWorker ?? 4,
      max_total_workers: limits.maxTotalWorkers ?? 50,
      max_total_gpus: limits.maxTotalGpus ?? 20,
      min_cpu_request: limits.minCpuRequest ?? 0.5,
      min_memory_gib_request: limits.minMemoryGibRequest ?? 0.5,
      required_labels: limits.requiredLabels ?? DEFAULT_LABELS,
    },
  };
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
      issues.add(`${path}[${index}]`, name, "must be an instance type that data/instance-types.json knows", "check the spelling");
    } else if (type.gpus > 0 !== gpu) {
      issues.add(`${path}[${index}]`, name, gpu ? "must have a GPU" : "must have no GPU", `list it in ${gpu ? "cpu" : "gpu"}InstanceTypes`);
    }
  });
}
