// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkloadFeatures, WorkloadRequests } from "../workloads/workload-record";
import type { InstanceType } from "./instance-types";
import { packageData } from "./package-data";
import { workloadsOf } from "./workloads";

interface NodeReserve {
  readonly usableMemoryShare: number;
  readonly memoryBaseMib: number;
  readonly memoryPerPodMib: number;
  readonly evictionHardMib: number;
  readonly cpuMillisOfCores: readonly number[];
  readonly cpuMillisOfFurtherCores: number;
  /** Requests of the EKS add-ons' daemons. Those of the workloads stand in their records. */
  readonly addons: WorkloadRequests;
}

/** What decides, beside the type, which daemons run on a node. */
export type NodeFeatures = Omit<WorkloadFeatures, "gpu">;

/**
 * What Ray pods can request on a node: its capacity less what the hypervisor, the kubelet, the eviction threshold and
 * the platform's daemon sets take. Rounded down, so that a request that fits here fits a real node.
 */
export function nodeAllocatable(type: InstanceType, features: NodeFeatures): WorkloadRequests {
  const reserve = packageData<NodeReserve>("node-reserve");
  const workloads = workloadsOf({ ...features, gpu: type.gpus > 0 });
  const daemonSets = [reserve.addons, ...workloads.flatMap(({ daemonSet }) => daemonSet ?? [])];
  const further = Math.max(0, type.vcpu - reserve.cpuMillisOfCores.length);
  const kubeletCpu = sum(reserve.cpuMillisOfCores.slice(0, type.vcpu)) + further * reserve.cpuMillisOfFurtherCores;
  const kubeletMemory = reserve.memoryBaseMib + reserve.memoryPerPodMib * type.maxPods;
  return {
    cpuMillis: Math.floor(type.vcpu * 1000 - kubeletCpu - sum(daemonSets.map(({ cpuMillis }) => cpuMillis))),
    memoryMib: Math.floor(
      type.memoryMib * reserve.usableMemoryShare -
        kubeletMemory -
        reserve.evictionHardMib -
        sum(daemonSets.map(({ memoryMib }) => memoryMib)),
    ),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
