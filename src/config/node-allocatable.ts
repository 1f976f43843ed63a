// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { InstanceType } from "./instance-types";
import { packageData } from "./package-data";

interface Requests {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

interface NodeReserve {
  readonly usableMemoryShare: number;
  readonly memoryBaseMib: number;
  readonly memoryPerPodMib: number;
  readonly evictionHardMib: number;
  readonly cpuMillisOfCores: readonly number[];
  readonly cpuMillisOfFurtherCores: number;
  readonly daemonSets: { readonly all: Requests; readonly gpu: Requests; readonly monitoring: Requests };
}

/**
 * What Ray pods can request on a node: its capacity less what the hypervisor, the kubelet, the eviction threshold and
 * the platform's daemon sets take. Rounded down, so that a request that fits here fits a real node.
 */
export function nodeAllocatable(type: InstanceType, monitoring: boolean): Requests {
  const reserve = packageData<NodeReserve>("node-reserve");
  const { all, gpu, monitoring: exporter } = reserve.daemonSets;
  const daemonSets = [all, ...(type.gpus > 0 ? [gpu] : []), ...(monitoring ? [exporter] : [])];
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
