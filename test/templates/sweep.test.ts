// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenization } from "cdktf";
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { resolvePlainValues } from "../../templates/src/platform/resolve-plain-values";
import { configs, platform } from "./configs";
import { type Json, resources, type Synthesis, synthesize } from "./synthesize";

const done = new Map<string, Synthesis>();

/** The synthesis of an option set, made once. */
function of(name: string): Synthesis {
  const synthesis = done.get(name) ?? synthesize((configs[name] as () => ReturnType<(typeof configs)[string]>)());
  done.set(name, synthesis);
  return synthesis;
}

/** All strings of a value. */
function strings(value: Json): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** Addresses that the expressions of a stack refer to. */
function references(stack: Json): Set<string> {
  const found = new Set<string>();
  const type = /(?<![\w.-])((?:data\.)?(?:aws|helm|terraform)_\w+)\.([\w-]+)/g;
  for (const text of strings([stack.resource, stack.provider, stack.output, stack.data])) {
    for (const [expression] of text.matchAll(/\$\{[^}]*\}|^(?:aws|helm)_\w+\.[\w-]+$/g)) {
      for (const [, kind, name] of expression.matchAll(type)) {
        found.add(`${kind}.${name}`);
      }
    }
  }
  return found;
}

describe.each(Object.keys(configs))("%s", (option) => {
  const config = configs[option] as () => ReturnType<typeof platform>;
  let synthesis: Synthesis;
  let stacks: [string, Json][];

  beforeAll(() => {
    synthesis = of(option);
    stacks = Object.entries(synthesis.stacks);
  });

  test("copying plain values gives what the engine resolves, byte for byte", () => {
    const engine = Tokenization.resolve;
    resolvePlainValues();
    try {
      expect(synthesize(config()).files).toEqual(synthesis.files);
    } finally {
      Tokenization.resolve = engine;
    }
  });

  test("every reference has its target", () => {
    for (const [name, stack] of stacks) {
      const defined = new Set([
        ...Object.entries<Json>(stack.resource ?? {}).flatMap(([type, all]) =>
          Object.keys(all).map((id) => `${type}.${id}`),
        ),
        ...Object.entries<Json>(stack.data ?? {}).flatMap(([type, all]) =>
          Object.keys(all).map((id) => `data.${type}.${id}`),
        ),
      ]);
      expect([name, [...references(stack)].filter((address) => !defined.has(address))]).toEqual([name, []]);
    }
  });

  test("what one stack reads of another is an output there, and no two read each other", () => {
    const reads = new Map<string, Set<string>>();
    for (const [name, stack] of stacks) {
      const others = new Set<string>();
      for (const text of strings([stack.resource, stack.provider])) {
        for (const [, other, output] of text.matchAll(/terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g)) {
          const owner = `${name.slice(0, name.lastIndexOf("-"))}-${other}`;
          expect(Object.keys(synthesis.stacks[owner].output)).toContain(output);
          others.add(owner);
        }
      }
      reads.set(name, others);
    }
    for (const [name, others] of reads) {
      for (const other of others) {
        expect([name, other, reads.get(other)?.has(name)]).toEqual([name, other, false]);
      }
    }
  });

  test("node groups have a launch template, an AMI of their architecture, a place to run and room to scale", () => {
    for (const [name, stack] of stacks.filter(([stackName]) => stackName.endsWith("-cluster"))) {
      const groups = resources(stack, "aws_eks_node_group");
      expect([name, groups.length > 0]).toEqual([name, true]);
      for (const group of groups) {
        expect(group.launch_template.id).toMatch(/^\$\{aws_launch_template\./);
        expect(group.ami_type).toMatch(/^(?:AL2023|BOTTLEROCKET)_/);
        expect(group.subnet_ids.length).toBeGreaterThan(0);
        expect(group.scaling_config.min_size).toBeLessThan(group.scaling_config.max_size);
        expect(group.lifecycle.ignore_changes).toEqual(["scaling_config[0].desired_size"]);
        expect(group.depends_on).toContainEqual(expect.stringMatching(/^aws_eks_addon\.addons-before-nodes_vpc-cni/));
      }
    }
  });

  test("each stack says which Terraform it needs, outside the JSON, where Checkov would stop at it", () => {
    for (const [name, stack] of stacks) {
      expect(synthesis.files[`stacks/${name}/versions.tf`]).toMatch(
        /^terraform \{\n {2}required_version = ">= 1\.\d+[^"]*"\n\}\n$/,
      );
      expect(stack.terraform.required_version).toBeUndefined();
    }
  });

  test("no path of this machine is written", () => {
    for (const [path, text] of Object.entries(synthesis.files)) {
      const own = text.replaceAll(/\/tmp\/ray(?![-\w])/g, ""); // where Ray writes in its containers
      expect([path, own.includes(process.cwd()), own.includes("/tmp/")]).toEqual([path, false, false]);
    }
  });
});

test.each(["default", "monitoring, backup, job, Redis, NodeConfig", "A100 with EFA"])(
  "the same options give the same bytes: %s",
  (name) => {
    expect(synthesize((configs[name] as () => Json)()).files).toEqual(of(name).files);
  },
);

test("add-ons that need nodes wait for all node groups, the others for none", () => {
  const { stacks } = of("default");
  const dependencies = Object.fromEntries(
    resources(stacks["dev-cluster"], "aws_eks_addon").map((addon) => [
      addon.addon_name,
      (addon.depends_on ?? []).filter((address: string) => address.startsWith("aws_eks_node_group.")).length,
    ]),
  );
  expect(dependencies).toEqual({
    "vpc-cni": 0,
    "kube-proxy": 0,
    "eks-pod-identity-agent": 0,
    coredns: 8,
    "aws-ebs-csi-driver": 8,
  });
});

test("a given VPC has no network stack, and S3's prefix list is looked up", () => {
  const { stacks } = of("existing VPC");
  expect(Object.keys(stacks)).toEqual(["dev-bootstrap", "dev-cluster", "dev-workloads"]);
  expect(resources(stacks["dev-cluster"], "aws_eks_cluster")[0].vpc_config.subnet_ids).toEqual([
    "subnet-0123456789abcdef0",
    "subnet-0123456789abcdef1",
  ]);
  expect(stacks["dev-cluster"].data.aws_prefix_list).toBeDefined();
});

test("Bottlerocket encrypts its system volume and its data volume", () => {
  const { stacks } = of("Bottlerocket");
  for (const { block_device_mappings } of resources(stacks["dev-cluster"], "aws_launch_template")) {
    expect(block_device_mappings.map((one: Json) => [one.device_name, one.ebs.encrypted])).toEqual([
      ["/dev/xvda", "true"],
      ["/dev/xvdb", "true"],
    ]);
  }
});

test("EFA: one interface a card, the security group with them, one placement group, egress to the nodes", () => {
  const { stacks, manifests } = of("A100 with EFA");
  const template = resources(stacks["dev-cluster"], "aws_launch_template").find(
    (one) => one.network_interfaces !== undefined,
  );
  expect(
    template.network_interfaces.map((one: Json) => [one.network_card_index, one.device_index, one.interface_type]),
  ).toEqual([
    [0, 0, "efa"],
    [1, 1, "efa-only"],
    [2, 1, "efa-only"],
    [3, 1, "efa-only"],
  ]);
  expect(template.vpc_security_group_ids).toBeUndefined();
  expect(template.placement.group_name).toMatch(/^\$\{aws_placement_group\./);
  const self = resources(stacks["dev-cluster"], "aws_vpc_security_group_egress_rule").filter(
    (rule) => rule.referenced_security_group_id !== undefined,
  );
  expect(self.map((rule) => rule.ip_protocol)).toEqual(["-1"]);
  expect(JSON.stringify(manifests.dev)).toContain("nvidia.com/gpu");
});

test("a capacity block: the launch template names type, market and reservation, the node group none", () => {
  const { stacks } = of("H100 capacity block");
  const group = resources(stacks["dev-cluster"], "aws_eks_node_group").find(
    (one) => one.capacity_type === "CAPACITY_BLOCK",
  );
  const template = resources(stacks["dev-cluster"], "aws_launch_template").find(
    (one) => one.instance_type !== undefined,
  );
  expect(group.instance_types).toBeUndefined();
  expect(template).toMatchObject({
    instance_type: "p5.48xlarge",
    instance_market_options: { market_type: "capacity-block" },
    capacity_reservation_specification: {
      capacity_reservation_target: { capacity_reservation_id: "cr-0123456789abcdef0" },
    },
  });
  // EFA or not: the reservation has its place, and a placement group of ours would be another.
  expect(template.network_interfaces.length).toBe(32);
  expect([template.placement, stacks["dev-cluster"].resource.aws_placement_group]).toEqual([undefined, undefined]);
});

test("expander priorities tell each scaling group from every other, whatever the pools are called", () => {
  const { stacks } = of("several accelerators");
  const release = resources(stacks["dev-workloads"], "helm_release").find((one) => one.name === "cluster-autoscaler");
  const expressions = Object.values<string[]>(JSON.parse(release.values[0]).expanderPriorities).flat();
  const names = resources(stacks["dev-cluster"], "aws_eks_node_group").map(
    (group) => `eks-${group.node_group_name_prefix}20260101000000123400000001-9cc8a1b2-1111-2222-3333-444455556666`,
  );
  // A group in each zone that has a share of its pool.
  expect(names.length).toBe(10);
  for (const name of names) {
    expect(expressions.filter((expression) => new RegExp(expression).test(name)).length).toBe(1);
  }
});

test("managed policies fit IAM's 6144 characters, and a role's policies its ten, with the longest names", () => {
  const { stacks } = of("5 environments");
  const bootstrap = stacks["staging-bootstrap"];
  for (const { name, policy } of resources(bootstrap, "aws_iam_policy")) {
    // An account id and the state bucket's and key's ARNs take the place of expressions; names grow to their longest.
    const length = policy
      .replace(/\$\{[^}]*arn\}/g, "a".repeat(90))
      .replace(/\$\{[^}]*\}/g, "1".repeat(12))
      .replace(/ml-platform-staging/g, "c".repeat(40)).length;
    expect([name, length < 6144]).toEqual([name, true]);
  }
  const attachments = resources(bootstrap, "aws_iam_role_policy_attachment").map(({ role }) => role);
  expect(
    Math.max(...attachments.map((role) => attachments.filter((other) => other === role).length)),
  ).toBeLessThanOrEqual(10);
});

test("names fit what AWS, Kubernetes and KubeRay take, with the longest that the options allow", () => {
  const name = "c".repeat(40);
  const { stacks, manifests } = synthesize(
    platform({
      name: "p".repeat(30),
      githubOwner: "o".repeat(39),
      githubRepository: "r".repeat(100),
      environmentNames: undefined,
      environments: [{ name: "e".repeat(16), clusterName: name }],
      accelerator: Accelerator.P4D,
      gpuPool: { efa: true, capacityType: CapacityType.ON_DEMAND },
      pools: [{ name: "x".repeat(20), instanceTypes: ["g4dn.xlarge"], maxSize: 2 }],
      policyLimits: { gpuInstanceTypes: ["p4d.24xlarge", "g4dn.xlarge"] },
      ray: { jobEntrypoint: "python train.py" },
    }),
  );
  const limits: Record<string, Record<string, number>> = {
    aws_cloudwatch_event_rule: { name: 64 },
    aws_cloudwatch_event_target: { target_id: 64 },
    aws_cloudwatch_log_group: { name: 512 },
    aws_ecr_repository: { name: 256 },
    aws_eks_cluster: { name: 100 },
    aws_eks_node_group: { node_group_name_prefix: 37 },
    aws_iam_policy: { name: 128 },
    aws_iam_role: { name: 64, description: 1000 },
    aws_iam_role_policy: { name: 128 },
    aws_kms_alias: { name: 256 },
    aws_launch_template: { name: 128 },
    aws_placement_group: { name: 255 },
    aws_s3_bucket: { bucket: 63 },
    aws_security_group: { name: 255, description: 255 },
    aws_sqs_queue: { name: 80 },
    helm_release: { name: 53 },
  };
  const tooLong: string[] = [];
  const seen = new Set<string>();
  for (const [type, fields] of Object.entries(limits)) {
    for (const one of Object.values(stacks).flatMap((stack) => resources(stack, type))) {
      for (const [field, limit] of Object.entries(fields)) {
        seen.add(type);
        tooLong.push(...((one[field] ?? "").length > limit ? [`${type}.${field} ${one[field]}`] : []));
      }
    }
  }
  expect(tooLong).toEqual([]);
  expect([...seen]).toEqual(Object.keys(limits));
  const ray = Object.fromEntries(
    manifests["e".repeat(16)].items.map((one: Json) => [one.kind, one.metadata.name.length]),
  );
  // KubeRay's own limits: MaxRayClusterNameLength, MaxRayJobNameLength.
  expect([ray.RayCluster <= 53, ray.RayJob <= 47]).toEqual([true, true]);
});

test("budgets of Ray's pods count what must remain: their owner has no scale to take a number away from", () => {
  const chart = readFileSync(join(__dirname, "../../templates/helm/ray/templates/pod-disruption-budgets.yaml"), "utf8");
  expect(chart).not.toMatch(/^\s*maxUnavailable/m);
  expect(chart.match(/^kind: PodDisruptionBudget/gm)?.length).toBe(chart.match(/^\s*minAvailable: /gm)?.length);
});

test("the state's bucket and key are made where every backend looks for them", () => {
  const { stacks } = synthesize(platform({ awsRegion: "us-east-1", state: { region: "eu-west-1" } }));
  const regions = Object.entries<Json>(stacks).map(([name, stack]) => [
    name,
    stack.provider.aws[0].region,
    stack.terraform.backend.s3?.region,
  ]);
  expect(regions).toEqual([
    ["dev-bootstrap", "eu-west-1", "eu-west-1"],
    ["dev-cluster", "us-east-1", "eu-west-1"],
    ["dev-network", "us-east-1", "eu-west-1"],
    ["dev-workloads", "us-east-1", "eu-west-1"],
  ]);
  const types = Object.keys(stacks["dev-bootstrap"].resource).filter((type) => !/^aws_(?:iam|s3|kms)_/.test(type));
  expect(types).toEqual([]);
});

test("a mirror's repository goes with the feature whose images it holds, full as it is", () => {
  const repositories = resources(of("default").stacks["dev-cluster"], "aws_ecr_repository");
  expect(repositories.length).toBeGreaterThan(3);
  expect(repositories.filter((repository) => repository.force_delete !== true)).toEqual([]);
});

test("production cannot lose its cluster, key or state by accident", () => {
  const { stacks } = of("5 environments");
  const [cluster] = resources(stacks["prod-cluster"], "aws_eks_cluster");
  expect([cluster.deletion_protection, cluster.lifecycle.prevent_destroy]).toEqual([true, true]);
  expect(resources(stacks["prod-cluster"], "aws_kms_key")[0].lifecycle.prevent_destroy).toBe(true);
  expect(resources(stacks["prod-bootstrap"], "aws_s3_bucket")[0].lifecycle.prevent_destroy).toBe(true);
  expect(resources(stacks["dev-cluster"], "aws_eks_cluster")[0].lifecycle.prevent_destroy).toBe(false);
});

test("every image that a release names is in the list that is mirrored", () => {
  let seen = 0;
  for (const [name, make] of Object.entries(configs)) {
    const { stacks } = of(name);
    for (const { name: environment, images } of make().environments) {
      const prefix = images.registry === null ? `/${images.repositoryPrefix}/` : `${images.registry}/`;
      const mirrored = images.list.map(({ repository }) => repository.replace(/^[^/]*\.[^/]*\//, ""));
      for (const release of resources(stacks[`${environment}-workloads`], "helm_release")) {
        for (const text of strings(JSON.parse(release.values[0])).filter((one) => one.includes(prefix))) {
          const [image] = text.slice(text.indexOf(prefix) + prefix.length).split(":");
          expect(mirrored).toContain(image);
          seen += 1;
        }
      }
    }
  }
  expect(seen).toBeGreaterThan(100);
});
