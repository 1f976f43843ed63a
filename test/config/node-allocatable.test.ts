// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type InstanceType, instanceType, instanceTypes } from "../../src/config/instance-types";
import { nodeAllocatable } from "../../src/config/node-allocatable";
import { packageData } from "../../src/config/package-data";

interface Requests {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}
const { addons } = packageData<{ readonly addons: Requests }>("node-reserve");
/** Device plugin and DCGM exporter. */
const gpuDaemons: Requests = { cpuMillis: 150, memoryMib: 640 };

const plain = { settings: {}, efa: false };
const monitored = { settings: { monitoring: true }, efa: false };

/** A type that the platform does not list, with the figures that decide what is allocatable. */
const shape = (vcpu: number, gib: number, maxPods: number): InstanceType => ({
  vcpu,
  memoryMib: gib * 1024,
  gpus: 0,
  gpuModel: null,
  gpuMemoryMib: null,
  architecture: "x86_64",
  maxPods,
  efaInterfaces: 0,
});
const kib = (value: number) => value / 1024;
const bytes = (value: number) => value / 1024 / 1024;

/** `status.allocatable` of real EKS nodes, as people published it. */
const PUBLISHED: readonly (readonly [source: string, type: InstanceType, cpuMillis: number, memoryMib: number])[] = [
  ["r5.xlarge (2i2c-org/infrastructure#3132)", shape(4, 32, 58), 3920, kib(31383028)],
  ["r5.4xlarge (2i2c-org/infrastructure, node-capacity-info.json)", shape(16, 128, 234), 15890, bytes(130451771392)],
  ["c7i-flex.2xlarge, 16 GiB", shape(8, 16, 58), 7910, kib(15063480)],
  ["a node of 8 cores, 32 GiB and a GPU, as g5.2xlarge", instanceType("g5.2xlarge")!, 7910, kib(31482328)],
  ["g6.4xlarge (pytorch/ci-infra#1082)", instanceType("g6.4xlarge")!, 15890, 58981],
  ["p4d.24xlarge, AL2023 of December 2025", instanceType("p4d.24xlarge")!, 95690, kib(1167634920)],
  ["p4de.24xlarge with huge pages for EFA", instanceType("p4de.24xlarge")!, 95690, kib(1146004920)],
];

describe("what pods can request on a node", () => {
  test.each(PUBLISHED)(
    "%s: no more than a real node offers, and little less",
    (_source, type, cpuMillis, memoryMib) => {
      const gpu = type.gpus > 0 ? gpuDaemons : { cpuMillis: 0, memoryMib: 0 };
      const ours = nodeAllocatable(type, plain);
      const cpu = ours.cpuMillis + addons.cpuMillis + gpu.cpuMillis;
      const memory = ours.memoryMib + addons.memoryMib + gpu.memoryMib;
      expect(cpu).toBe(cpuMillis);
      expect(memory).toBeLessThanOrEqual(memoryMib);
      expect(memory).toBeGreaterThan(memoryMib * 0.9);
    },
  );

  test.each(Object.entries(instanceTypes()))("%s offers something, less than it has", (_name, type) => {
    const { cpuMillis, memoryMib } = nodeAllocatable(type, monitored);
    expect(cpuMillis).toBeGreaterThan(0);
    expect(cpuMillis).toBeLessThan(type.vcpu * 1000);
    expect(memoryMib).toBeGreaterThan(0);
    expect(memoryMib).toBeLessThan(type.memoryMib);
  });

  test("is what usable memory, kubelet, eviction threshold and daemon sets leave", () => {
    // m5.2xlarge: 92.5 % of 32 GiB, less 255 MiB and 11 for each of 58 pods, less 100 and 300; 8 cores less 90 and 250 millis.
    expect(nodeAllocatable(instanceType("m5.2xlarge")!, plain)).toEqual({
      cpuMillis: 7660,
      memoryMib: Math.floor(32768 * 0.925 - 255 - 11 * 58 - 100 - 300),
    });
  });

  test.each([
    ["monitoring", "m5.2xlarge", monitored],
    ["EFA", "p4d.24xlarge", { settings: {}, efa: true }],
  ])("is less with the daemons of %s", (_feature, name, features) => {
    const type = instanceType(name)!;
    expect(nodeAllocatable(type, features).cpuMillis).toBeLessThan(nodeAllocatable(type, plain).cpuMillis);
    expect(nodeAllocatable(type, features).memoryMib).toBeLessThan(nodeAllocatable(type, plain).memoryMib);
  });
});
