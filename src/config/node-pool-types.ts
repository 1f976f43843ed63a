// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { type InstanceType, instanceType, nearestInstanceType, UNKNOWN_INSTANCE_TYPE } from "./instance-types";
import type { PoolRequest } from "./node-pool-requests";
import type { PolicyLimits } from "./platform-config";

/** Stands in for an unknown type so that the other checks can go on. */
const PLACEHOLDER: InstanceType = {
  vcpu: 8,
  memoryMib: 32768,
  gpus: 0,
  gpuModel: null,
  gpuMemoryMib: null,
  architecture: "x86_64",
  maxPods: 58,
  efaInterfaces: 0,
};

/** The instance types of a pool that are known, at least one. */
export function knownTypes(request: PoolRequest, issues: IssueList): InstanceType[] {
  const types: InstanceType[] = [];
  request.instanceTypes.forEach((name, index) => {
    const type = instanceType(name);
    if (type === undefined) {
      issues.add(request.at(`instanceTypes[${index}]`), name, UNKNOWN_INSTANCE_TYPE, nearestInstanceType(name));
    } else {
      types.push(type);
    }
  });
  if (request.instanceTypes.length === 0) {
    issues.add(request.at("instanceTypes"), [], "needs at least one instance type", "list one or more, or remove it");
  }
  return types.length > 0 ? types : [PLACEHOLDER];
}

export function checkSameShape(request: PoolRequest, types: readonly InstanceType[], issues: IssueList): void {
  if (new Set(types.map((type) => type.architecture)).size > 1) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "one pool has one architecture, for its AMI and images",
      "put the types into pools of their own",
    );
  }
  if (new Set(types.map((type) => `${type.gpus} ${type.gpuModel}`)).size > 1) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "one pool has one kind and number of GPUs, or scaling from zero counts wrong",
      "put the types into pools of their own",
    );
  }
  if (request.name === "cpu" && types.some((type) => type.gpus > 0)) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "the CPU pool carries the system pods and has no GPUs",
      "use gpuPool or pools for GPU types",
    );
  }
  if (request.group === "gpu" && types.some((type) => type.gpus === 0)) {
    issues.add(
      request.at("instanceTypes"),
      request.instanceTypes,
      "the GPU pool's types have GPUs",
      "use cpuPool or pools for types without GPU",
    );
  }
}

export function checkAllowedTypes(request: PoolRequest, gpu: boolean, limits: PolicyLimits, issues: IssueList): void {
  const allowed = gpu ? limits.terraform.gpu_instance_types : limits.terraform.cpu_instance_types;
  const option = gpu ? "policyLimits.gpuInstanceTypes" : "policyLimits.cpuInstanceTypes";
  const rule = `the policies allow ${allowed.join(", ")}`;
  const isRefused = (type: string) => instanceType(type) !== undefined && !allowed.includes(type);
  const refused = request.instanceTypes.filter(isRefused);
  const fix = `add ${refused.join(", ")} to ${option}, which is then ${JSON.stringify([...allowed, ...refused])}`;
  if (request.options.instanceTypes === undefined && refused.length > 0) {
    issues.add(request.typesPath, refused, rule, fix);
    return;
  }
  request.instanceTypes.forEach((type, index) => {
    if (isRefused(type)) {
      issues.add(request.at(`instanceTypes[${index}]`), type, rule, fix);
    }
  });
}
