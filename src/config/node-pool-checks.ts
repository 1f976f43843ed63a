// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { CapacityType } from "../options/capacity-type";
import type { IssueList } from "../options/option-issues";
import { instanceType } from "./instance-types";
import type { PoolRequest } from "./node-pool-requests";
import { checkNumber, checkPattern } from "./patterns";
import type { PolicyLimits } from "./platform-config";

export function checkSizes(request: PoolRequest, gpu: boolean, limits: PolicyLimits, issues: IssueList): void {
  const { options, at, minSize, maxSize } = request;
  const most = gpu
    ? Math.min(limits.terraform.max_nodes_per_group, limits.terraform.max_gpu_nodes)
    : limits.terraform.max_nodes_per_group;
  checkNumber(minSize, { min: 0, max: 450 }, at("minSize"), issues);
  const limit =
    gpu && most === limits.terraform.max_gpu_nodes ? "policyLimits.maxGpuNodes" : "policyLimits.maxNodesPerGroup";
  checkNumber(maxSize, { min: 1, max: most, limit }, at("maxSize"), issues);
  if (minSize >= maxSize) {
    issues.add(
      at("maxSize"),
      maxSize,
      `must be above minSize (${minSize}), or nothing can scale`,
      "raise maxSize or lower minSize",
    );
  }
  const desired = options.desiredSize;
  if (desired !== undefined && (!Number.isInteger(desired) || desired < minSize || desired > maxSize)) {
    issues.add(
      at("desiredSize"),
      desired,
      `must be between minSize (${minSize}) and maxSize (${maxSize})`,
      "remove it, or choose a size between them",
    );
  }
  if (request.name === "cpu" && minSize < 1) {
    issues.add(at("minSize"), minSize, "the CPU pool carries system pods and is never empty", "use 2 or more");
  }
}

/** A scaling group has 50 tags at most, see tags.ts. */
const MOST_LABELS = 10;

export function checkLabels(request: PoolRequest, issues: IssueList): void {
  const labels = Object.entries(request.options.labels ?? {});
  if (labels.length > MOST_LABELS) {
    issues.add(
      request.at("labels"),
      labels.map(([key]) => key),
      `at most ${MOST_LABELS} labels: each is a tag of the scaling group too, and AWS allows 50`,
      "remove some",
    );
  }
  for (const [key, value] of labels) {
    checkPattern(key, "labelKey", request.at(`labels.${key}`), issues);
    checkPattern(value, "labelValue", request.at(`labels.${key}`), issues);
    if (key.length > 63) {
      issues.add(
        request.at(`labels.${key}`),
        key,
        "EKS takes keys of at most 63 characters, domain included",
        "shorten it",
      );
    }
    if (/^(?:ray-platform\/|nvidia\.com\/|(?:.*\.)?(?:kubernetes|k8s)\.io\/|(?:.*\.)?amazonaws\.com\/)/.test(key)) {
      issues.add(
        request.at(`labels.${key}`),
        value,
        "labels of ray-platform, NVIDIA, Kubernetes and EKS are set by the platform",
        "use your own domain",
      );
    }
  }
}

/** Text inside is passed through Terraform, which must not find anything to evaluate. */
export function checkNodeConfig(value: unknown, path: string, issues: IssueList): void {
  if (typeof value === "string") {
    checkPattern(value === "" ? undefined : value, "embeddedText", path, issues);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkPattern(key, "embeddedText", path, issues);
      checkNodeConfig(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, issues);
    }
  }
}

export function resolveReservation(request: PoolRequest, issues: IssueList): string | null {
  const { options, at } = request;
  checkPattern(options.capacityReservationId, "reservationId", at("capacityReservationId"), issues);
  if (request.capacityType === CapacityType.CAPACITY_BLOCK && options.capacityReservationId === undefined) {
    issues.add(
      at("capacityReservationId"),
      undefined,
      "a capacity block is named by its reservation",
      "add capacityReservationId",
    );
  }
  if (request.capacityType === CapacityType.CAPACITY_BLOCK && request.instanceTypes.length > 1) {
    issues.add(at("instanceTypes"), request.instanceTypes, "a capacity block is of one instance type", "name that one");
  }
  if (
    request.capacityType === CapacityType.CAPACITY_BLOCK &&
    request.instanceTypes.some((type) => instanceType(type)?.gpus === 0)
  ) {
    issues.add(
      at("capacityType"),
      request.capacityType,
      "capacity blocks are sold for GPU instances",
      "use CapacityType.ON_DEMAND, with capacityReservationId if there is a reservation",
    );
  }
  if (request.capacityType === CapacityType.SPOT && options.capacityReservationId !== undefined) {
    issues.add(
      at("capacityReservationId"),
      options.capacityReservationId,
      "spot nodes cannot use a reservation",
      "set capacityType to ON_DEMAND or CAPACITY_BLOCK",
    );
  }
  return options.capacityReservationId ?? null;
}
