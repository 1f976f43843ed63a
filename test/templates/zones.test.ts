// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { nodeGroups } from "../../src/config/node-groups";
import { CapacityType } from "../../src/options/capacity-type";
import { configs, platform } from "./configs";
import { type Json, resources, synthesize } from "./synthesize";

const { stacks } = synthesize(configs.default!());
const groupsOf = (stack: Json): Json[] => resources(stack, "aws_eks_node_group");
const valuesOf = (stack: Json, release: string): Json =>
  JSON.parse(resources(stack, "helm_release").find(({ name }) => name === release).values[0]);

test.each(["default", "existing VPC", "H100 capacity block", "several accelerators"])(
  "EC2 has nothing to rebalance: every group lies in one zone: %s",
  (name) => {
    for (const [stack, document] of Object.entries(synthesize(configs[name]!()).stacks)) {
      for (const { node_group_name_prefix, subnet_ids } of groupsOf(document)) {
        expect([stack, node_group_name_prefix, subnet_ids]).toEqual([stack, node_group_name_prefix, [subnet_ids[0]]]);
      }
    }
  },
);

test("a pool with several zones has a group in each, on its launch template", () => {
  const cpu = groupsOf(stacks["dev-cluster"]).filter(({ labels }) => labels["ray-platform/pool"] === "cpu");
  expect(cpu.map(({ node_group_name_prefix }) => node_group_name_prefix)).toEqual(["cpu-a-", "cpu-b-", "cpu-c-"]);
  expect(new Set(cpu.map(({ subnet_ids }) => subnet_ids[0])).size).toBe(3);
  expect(new Set(cpu.map(({ launch_template }) => launch_template.id)).size).toBe(1);
});

test.each([
  [{ minSize: 2, maxSize: 10, desiredSize: 2 }, 3, ["1-4/1", "1-3/1", "0-3/0"]],
  [{ minSize: 0, maxSize: 5, desiredSize: 0 }, 3, ["0-2/0", "0-2/0", "0-1/0"]],
  [{ minSize: 0, maxSize: 2, desiredSize: 2 }, 3, ["0-1/1", "0-1/1"]],
  [{ minSize: 2, maxSize: 3, desiredSize: 3 }, 3, ["2-3/3"]],
  [{ minSize: 5, maxSize: 7, desiredSize: 6 }, 3, ["3-4/3", "2-3/3"]],
  [{ minSize: 0, maxSize: 4, desiredSize: 1 }, 1, ["0-4/1"]],
])("the groups' sizes add up to the pool's, and each can grow: %j over %i zones", (sizes, count, expected) => {
  const zones = ["a", "b", "c"].slice(0, count).map((letter) => `eu-west-1${letter}`);
  const groups = nodeGroups("gpu", zones, "eu-west-1", sizes);
  expect(groups.map((group) => `${group.minSize}-${group.maxSize}/${group.desiredSize}`)).toEqual(expected);
});

test("whatever the sizes: sums are kept, every group can grow, and begins within its own bounds", () => {
  for (let minSize = 0; minSize <= 8; minSize++) {
    for (let maxSize = minSize + 1; maxSize <= 20; maxSize++) {
      for (let desiredSize = minSize; desiredSize <= maxSize; desiredSize++) {
        const groups = nodeGroups("cpu", ["r1a", "r1b", "r1c", "r1d"], "r1", { minSize, maxSize, desiredSize });
        const sum = (key: "minSize" | "maxSize" | "desiredSize") => groups.reduce((total, one) => total + one[key], 0);
        expect([sum("minSize"), sum("maxSize"), sum("desiredSize")]).toEqual([minSize, maxSize, desiredSize]);
        expect(
          groups.filter(
            (one) => one.minSize >= one.maxSize || one.desiredSize < one.minSize || one.desiredSize > one.maxSize,
          ),
        ).toEqual([]);
      }
    }
  }
});

test("local zones have names of their own", () => {
  const sizes = { minSize: 0, maxSize: 4, desiredSize: 0 };
  const names = nodeGroups("gpu", ["us-east-1a", "us-east-1-bos-1a"], "us-east-1", sizes).map(({ name }) => name);
  expect(names).toEqual(["gpu-a", "gpu-bos-1a"]);
});

test("limits count over all groups: the GPU groups of all zones together keep policyLimits.maxGpuNodes", () => {
  const config = platform({ policyLimits: { maxGpuNodes: 4 } });
  const gpu = groupsOf(synthesize(config).stacks["dev-cluster"]).filter(({ taint }) => taint.length > 0);
  expect(gpu.length).toBeGreaterThan(2);
  expect(gpu.reduce((sum, { scaling_config }) => sum + scaling_config.max_size, 0)).toBe(4);
});

test("a cluster has no more node groups than AWS admits", () => {
  const pools = Array.from({ length: 9 }, (_, index) => ({ name: `pool-${index}`, instanceTypes: ["m5.2xlarge"] }));
  expect(() => platform({ pools })).toThrow(
    /a node group in each of their zones, together 35, and a cluster may have 30/,
  );
  const inOneZone = pools.map((pool) => ({ ...pool, availabilityZones: ["us-east-1a"] }));
  expect(() => platform({ pools: inOneZone })).not.toThrow();
});

test("the autoscaler balances the groups of a pool, whatever the size of their nodes", () => {
  const { extraArgs } = valuesOf(stacks["dev-workloads"], "cluster-autoscaler");
  expect(extraArgs).toMatchObject({ "balance-similar-node-groups": true, "balancing-label": "ray-platform/pool" });
  const tag = "k8s.io/cluster-autoscaler/node-template/label/ray-platform/pool";
  const tagged = resources(stacks["dev-cluster"], "aws_autoscaling_group_tag").filter((one) => one.tag.key === tag);
  expect(tagged.length).toBe(groupsOf(stacks["dev-cluster"]).length);
});

test("the autoscaler's priorities name each group once", () => {
  const { expanderPriorities } = valuesOf(stacks["dev-workloads"], "cluster-autoscaler");
  const expressions = Object.values<string[]>(expanderPriorities).flat();
  for (const { node_group_name_prefix } of groupsOf(stacks["dev-cluster"])) {
    const scalingGroup = `eks-${node_group_name_prefix}202611261830123456-0123abcd`;
    expect(expressions.filter((expression) => new RegExp(expression).test(scalingGroup)).length).toBe(1);
  }
});

test("an empty group says in which zone its node would start, so that a pod with a volume there gets one", () => {
  const key = "k8s.io/cluster-autoscaler/node-template/label/topology.ebs.csi.aws.com/zone";
  const zones = resources(stacks["dev-cluster"], "aws_autoscaling_group_tag")
    .filter(({ tag }) => tag.key === key)
    .map(({ tag, autoscaling_group_name }) => [
      /(?:cpu|gpu(?:-on-demand)?)-[a-c]/.exec(autoscaling_group_name)?.[0],
      tag.value,
    ]);
  expect(zones).toEqual(
    expect.arrayContaining([
      ["cpu-a", "us-east-1a"],
      ["cpu-c", "us-east-1c"],
    ]),
  );
  expect(zones.length).toBe(groupsOf(stacks["dev-cluster"]).length);
});

describe("a volume of Prometheus or Alertmanager, which lies in one zone, is never left without a node", () => {
  const monitored = synthesize(configs["monitoring, backup, job, Redis, NodeConfig"]!()).stacks;
  const [cluster, workloads] = ["cluster", "workloads"].map((name) => monitored[`dev-${name}`]!);
  const { prometheus, alertmanager } = valuesOf(workloads, "kube-prometheus-stack");
  const specs: [string, Json, Json][] = [
    ["Prometheus", prometheus.prometheusSpec, prometheus.prometheusSpec.storageSpec],
    ["Alertmanager", alertmanager.alertmanagerSpec, alertmanager.alertmanagerSpec.storage],
  ];

  test.each(specs)("%s: it is made where the pod is first placed", (_, _spec, storage) => {
    const chart = readFileSync(
      join(__dirname, "../../templates/helm/cluster-base/templates/storage-class.yaml"),
      "utf8",
    );
    const storageClass = parse(chart);
    expect(storage.volumeClaimTemplate.spec.storageClassName).toBe(storageClass.metadata.name);
    expect(storageClass.volumeBindingMode).toBe("WaitForFirstConsumer");
  });

  test.each(specs)(
    "%s: each zone that it can be made in has a group that can start its node",
    (_, { nodeSelector }) => {
      const fitting = groupsOf(cluster).filter(({ labels }) =>
        Object.entries(nodeSelector).every(([key, value]) => labels[key] === value),
      );
      expect(new Set(fitting.map(({ subnet_ids }) => subnet_ids[0])).size).toBe(3);
      const tags = resources(cluster, "aws_autoscaling_group_tag");
      for (const { node_group_name_prefix, subnet_ids, scaling_config, taint } of fitting) {
        const ofGroup = (scalingGroup: string) =>
          `${/(?:cpu|gpu(?:-on-demand)?)-[a-c]/.exec(scalingGroup)?.[0]}-` === node_group_name_prefix;
        const said = Object.fromEntries(
          tags
            .filter(({ autoscaling_group_name }) => ofGroup(autoscaling_group_name))
            .map(({ tag }) => [tag.key.replace("k8s.io/cluster-autoscaler/node-template/label/", ""), tag.value]),
        );
        // One zone, room for a node, nothing that keeps the pod away; and an empty group says what its node would be.
        expect([node_group_name_prefix, subnet_ids.length, taint ?? []]).toEqual([node_group_name_prefix, 1, []]);
        expect(scaling_config.max_size).toBeGreaterThan(0);
        expect(said).toMatchObject({
          ...nodeSelector,
          "topology.ebs.csi.aws.com/zone": expect.stringMatching(/[abc]$/),
        });
      }
    },
  );
});

test("EFA and capacity blocks keep to one zone", () => {
  const reservation = {
    efa: true,
    capacityType: CapacityType.CAPACITY_BLOCK,
    capacityReservationId: "cr-0123456789abcdef0",
    availabilityZones: ["us-east-1b"],
  };
  const [, gpu] = platform({
    accelerator: "p5" as never,
    gpuPool: reservation,
    policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] },
  }).environments[0]!.pools;
  expect(gpu!.nodeGroups.map(({ availabilityZone }) => availabilityZone)).toEqual(["us-east-1b"]);
});
