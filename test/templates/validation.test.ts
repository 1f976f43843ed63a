// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { clusterViolations } from "../../templates/src/platform/cluster/validation";
import { networkViolations } from "../../templates/src/platform/network/validation";
import { rayViolations } from "../../templates/src/platform/ray/validation";
import { platform } from "./configs";
import { type Json, synthesize } from "./synthesize";

const environment = (): Json => structuredClone(platform().environments[0]);

test.each<[string, RegExp, (environment: Json) => unknown]>([
  ["a long cluster name", /at most 40/, (one) => (one.cluster.name = "c".repeat(41))],
  [
    "a public endpoint for the world",
    /never open to the world/,
    (one) => (one.cluster.publicAccessCidrs = ["0.0.0.0/0"]),
  ],
  ["images from registries out of reach", /mirror the images/, (one) => (one.images.registry = "upstream")],
  ["the CNI after the nodes", /never become ready/, (one) => (one.cluster.addons[0].wave = "after-nodes")],
  [
    "no kube-proxy",
    /"kube-proxy" must be installed before nodes/,
    (one) => (one.cluster.addons = one.cluster.addons.filter((addon: Json) => addon.name !== "kube-proxy")),
  ],
  ["no place for system pods", /no untainted on-demand pool/, (one) => one.pools.shift()],
  ["an AL2 image", /no longer publishes/, (one) => (one.pools[0].amiType = "AL2_x86_64")],
  ["an image of another architecture", /does not run on/, (one) => (one.pools[0].amiType = "AL2023_ARM_64_STANDARD")],
  ["GPUs without a driver", /no NVIDIA driver/, (one) => (one.pools[1].amiType = "AL2023_x86_64_STANDARD")],
  [
    "NodeConfig on Bottlerocket",
    /Bottlerocket does not read it/,
    (one) => Object.assign(one.pools[0], { os: "bottlerocket", nodeConfig: {} }),
  ],
  [
    "a capacity block without reservation",
    /capacityReservationId names it/,
    (one) => (one.pools[1].capacityType = "CAPACITY_BLOCK"),
  ],
  [
    "EFA across zones",
    /within one zone/,
    (one) => Object.assign(one.pools[1], { efaInterfaces: 4, availabilityZones: [] }),
  ],
  ["a desired size beyond the maximum", /outside 2 to/, (one) => (one.pools[0].desiredSize = 99)],
])("the cluster refuses %s", (_, message, change) => {
  expect(clusterViolations(environment())).toEqual([]);
  const changed = environment();
  change(changed);
  expect(clusterViolations(changed).join("\n")).toMatch(message);
});

test.each([
  ["100.64.0.0/16", false],
  ["11.0.0.0/8", false],
  ["172.32.0.0/16", false],
  ["10.0.0.0/7", false],
  ["10.0.0.0/8", true],
  ["172.31.0.0/16", true],
  ["192.168.7.0/24", true],
])("the network range %s is private: %s", (vpcCidr, isPrivate) => {
  const network = { ...environment().network, vpcCidr, nodeSubnetCidrs: [] };
  expect(networkViolations("dev", network).length === 0).toBe(isPrivate);
});

test.each<[string, RegExp, (environment: Json) => unknown]>([
  [
    "a worker larger than its node",
    /needs 30 CPU, a node of pool "cpu" offers/,
    (one) => (one.ray.workerGroups[0].cpu = 30),
  ],
  ["more memory than its node", /GiB of memory/, (one) => (one.ray.workerGroups[0].memoryGib = 63)],
  ["more GPUs than its node", /needs 2 GPUs/, (one) => (one.ray.workerGroups[1].gpus = 2)],
  [
    "a head that fits only without its autoscaler",
    /ray\.head needs/,
    (one) => (one.ray.head.cpu = one.pools[0].node.allocatable.cpuMillis / 1000),
  ],
  ["a head on spot", /on demand and without GPU/, (one) => (one.pools[0].capacityType = "SPOT")],
  ["a pool that is not there", /names no pool/, (one) => (one.ray.workerGroups[0].poolGroup = "tpu")],
  [
    "a CPU worker on GPU nodes",
    /asks for no GPU but runs on GPU pool group/,
    (one) => (one.ray.workerGroups[0].poolGroup = "gpu"),
  ],
  ["two architectures in a group", /mixes architectures/, (one) => (one.pools[1].architecture = "arm64")],
  [
    "a job and a service",
    /choose one/,
    (one) => Object.assign(one.ray, { job: { entrypoint: "x" }, service: { config: "x" } }),
  ],
])("Ray refuses %s", (_, message, change) => {
  expect(rayViolations(environment())).toEqual([]);
  const changed = environment();
  change(changed);
  expect(rayViolations(changed).join("\n")).toMatch(message);
});

test("synth stops at a violation, names the stack, and reports all of them", () => {
  const config: Json = structuredClone(platform());
  config.environments[0].pools[0].maxSize = 21;
  config.environments[0].region = "ap-south-1";
  expect(() => synthesize(config)).toThrow(
    /dev-bootstrap[\s\S]*is in ap-south-1[\s\S]*dev-bootstrap\] nodes per group: pool "cpu" of "dev" may grow to 21, the limit is 20/,
  );
});
