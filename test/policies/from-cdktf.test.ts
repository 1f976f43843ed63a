// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { fromCdktf } from "../../src/policy/from-cdktf";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { hasExpression, referencesIn } from "../../src/policy/terraform-expressions";

let policies: Policies;
beforeAll(async () => {
  policies = await loadPolicies();
});

const PROVIDER = {
  aws: [{ region: "us-east-1", default_tags: [{ tags: { ManagedBy: "a", Environment: "b", Repository: "c" } }] }],
};
const TEMPLATE = {
  block_device_mappings: [{ device_name: "/dev/xvda", ebs: { encrypted: "true", volume_size: 100 } }],
  metadata_options: { http_tokens: "required" },
};
const GROUP = {
  instance_types: ["m5.large"],
  scaling_config: { min_size: 0, max_size: 5, desired_size: 0 },
  launch_template: { id: "${aws_launch_template.nodes.id}", version: "${aws_launch_template.nodes.latest_version}" },
  subnet_ids: ["${aws_subnet.a.id}"],
};
const SUBNET = { cidr_block: "10.0.0.0/24", map_public_ip_on_launch: false };

const nodes = (group: object = {}, template: object = {}, subnet: object = {}, more: object = {}) => ({
  provider: PROVIDER,
  resource: {
    aws_launch_template: { nodes: { ...TEMPLATE, ...template } },
    aws_eks_node_group: { nodes: { ...GROUP, ...group } },
    aws_subnet: { a: { ...SUBNET, ...subnet } },
    ...more,
  },
});
const rules = (stack: object, others?: Record<string, unknown>) => {
  const { deny, warn } = policies.evaluate("terraform", fromCdktf(stack, others), undefined);
  return [...new Set([...deny, ...warn].map(({ id }) => id))].sort();
};

test("a stack within the limits", () => {
  expect(rules(nodes())).toEqual([]);
});

test.each<[string, object, string[]]>([
  ["a block as an object", nodes({ scaling_config: { min_size: 0, max_size: 21 } }), ["terraform/max-nodes"]],
  ["a block as an array", nodes({ scaling_config: [{ min_size: 0, max_size: 21 }] }), ["terraform/max-nodes"]],
  [
    "a nested block as an object",
    nodes({}, { block_device_mappings: [{ device_name: "/dev/xvda", ebs: { encrypted: "false" } }] }),
    ["terraform/encryption"],
  ],
  [
    "the instance type of a launch template, by reference",
    nodes({ instance_types: undefined }, { instance_type: "c5.large" }),
    ["terraform/instance-type"],
  ],
  ["a public subnet, by reference", nodes({}, {}, { map_public_ip_on_launch: true }), ["terraform/private-subnets"]],
  [
    "a size that is an expression",
    nodes({ scaling_config: { min_size: 0, max_size: "${var.max}" } }),
    ["terraform/autoscaling", "terraform/max-nodes"],
  ],
  [
    "a dynamic block",
    nodes({ scaling_config: undefined, dynamic: { scaling_config: { for_each: "${var.x}", content: {} } } }),
    ["terraform/autoscaling", "terraform/max-nodes"],
  ],
  ["groups that a plan has to count", nodes({ count: "${var.n}" }), ["terraform/plan"]],
  ["groups for each of a map", nodes({ for_each: { a: 1, b: 2 } }), []],
  ["groups for each of what a plan knows", nodes({ for_each: "${toset(var.names)}" }), ["terraform/plan"]],
  [
    "GPU groups counted by a number",
    nodes({
      count: 3,
      instance_types: ["g4dn.xlarge"],
      taint: { key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" },
    }),
    ["terraform/max-gpu-nodes"],
  ],
  [
    "no region",
    { ...nodes(), provider: { aws: [{}] } },
    ["terraform/region", "terraform/required-tags", "terraform/tags-elsewhere"],
  ],
  [
    "a region of a variable with a default",
    {
      ...nodes(),
      provider: { aws: [{ ...PROVIDER.aws[0], region: "${var.region}" }] },
      variable: { region: { default: "us-west-2" } },
    },
    [],
  ],
  [
    "a region of a variable with another default",
    {
      ...nodes(),
      provider: { aws: [{ ...PROVIDER.aws[0], region: "${var.region}" }] },
      variable: { region: { default: "ap-south-1" } },
    },
    ["terraform/region"],
  ],
  [
    "a region of a variable without default",
    { ...nodes(), provider: { aws: [{ ...PROVIDER.aws[0], region: "${var.region}" }] }, variable: { region: {} } },
    ["terraform/region"],
  ],
  [
    "an alias in another region",
    { ...nodes(), provider: { aws: [PROVIDER.aws[0], { alias: "far", region: "ap-south-1" }] } },
    ["terraform/region"],
  ],
  [
    "an alias without default tags",
    {
      ...nodes({ provider: "aws.bare" }),
      provider: { aws: [PROVIDER.aws[0], { alias: "bare", region: "us-east-1" }] },
    },
    ["terraform/required-tags"],
  ],
  [
    "no default tags",
    { ...nodes(), provider: { aws: [{ region: "us-east-1" }] } },
    ["terraform/required-tags", "terraform/tags-elsewhere"],
  ],
  ["tags of the resource over none", { ...nodes({}, {}, {}), provider: PROVIDER }, []],
])("%s", (_, stack, expected) => {
  expect(rules(JSON.parse(JSON.stringify(stack)))).toEqual(expected);
});

describe("references between stacks", () => {
  const NETWORK = {
    "//": { metadata: { stackName: "network" } },
    terraform: { backend: { s3: { bucket: "state", key: "network.tfstate" } } },
    provider: PROVIDER,
    output: { "cross-stack-output-aws_subnetaid": { value: "${aws_subnet.a.id}", sensitive: true } },
  };
  const network = (subnet: object, more: object = {}) => ({
    ...NETWORK,
    resource: { aws_subnet: { a: { ...SUBNET, ...subnet } }, ...more },
  });
  const cluster = (state: string) => ({
    ...nodes({ subnet_ids: [`\${data.terraform_remote_state.${state}.outputs.cross-stack-output-aws_subnetaid}`] }),
    data: {
      terraform_remote_state: { [state]: { backend: "s3", config: { bucket: "state", key: "network.tfstate" } } },
    },
  });

  test.each(["cross-stack-reference-input-network", "net"])(
    "a private subnet of another stack, through %s",
    (state) => {
      expect(rules(cluster(state), { network: network({}) })).toEqual([]);
    },
  );

  test.each(["cross-stack-reference-input-network", "net"])("a public subnet of another stack, through %s", (state) => {
    expect(rules(cluster(state), { network: network({ map_public_ip_on_launch: true }) })).toEqual([
      "terraform/private-subnets",
    ]);
  });

  test("a subnet of another stack that is public by its route", () => {
    const routes = {
      aws_internet_gateway: { igw: {} },
      aws_route_table: {
        public: { route: [{ cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.igw.id}" }] },
      },
      aws_route_table_association: {
        a: { subnet_id: "${aws_subnet.a.id}", route_table_id: "${aws_route_table.public.id}" },
      },
    };
    expect(rules(cluster("net"), { network: network({}, routes) })).toEqual(["terraform/private-subnets"]);
  });

  test("without the other stack the subnets are not judged, and that is said", () => {
    expect(rules(cluster("net"))).toEqual(["terraform/subnets-elsewhere"]);
  });

  test("the other stack's resources are not judged again", () => {
    const broken = network({}, { aws_ebs_volume: { v: { size: 900, encrypted: false } } });
    expect(rules(cluster("net"), { network: broken })).toEqual([]);
  });
});

test("a module of the stack is not judged, and that is said", () => {
  expect(rules({ ...nodes(), module: { shared: { source: "./shared" } } })).toEqual(["terraform/modules-elsewhere"]);
});

test.each<[string, unknown]>([
  ["resources", [{ aws_ebs_volume: { v: { size: 900, encrypted: true } } }]],
  ["types", { aws_ebs_volume: [{ v: { size: 900, encrypted: true } }] }],
  ["bodies", { aws_ebs_volume: { v: [{ size: 900, encrypted: true }] } }],
])("%s written as an array are judged", (_, resource) => {
  expect(rules({ provider: PROVIDER, resource })).toEqual(["terraform/max-volume"]);
});

test("a resource without a body is judged", () => {
  expect(rules({ provider: PROVIDER, resource: { aws_ebs_volume: { v: null } } })).toEqual([
    "terraform/encryption",
    "terraform/max-volume",
  ]);
});

test.each<[unknown, string[]]>([
  ["plain", []],
  ["$${literal.text}", []],
  ["${aws_subnet.a.id}", ["aws_subnet.a.id", "aws_subnet.a"]],
  ['${aws_subnet.a["x.y"].id}', ['aws_subnet.a["x.y"].id', 'aws_subnet.a["x.y"]']],
  ["${data.aws_region.r.name}", ["data.aws_region.r.name", "data.aws_region.r"]],
  ['${join(",", [aws_subnet.a.id, var.b])}', ["aws_subnet.a.id", "aws_subnet.a", "var.b"]],
  ['${format("aws_subnet.x.id %s", local.y)}', ["local.y"]],
  [{ a: ["${var.b}"] }, ["var.b"]],
])("references in %j", (value, expected) => {
  expect(referencesIn(value)).toEqual(expected);
});

test("an escaped template is a text", () => {
  expect([hasExpression("$${a}"), hasExpression("%%{if}"), hasExpression("${a.b}"), hasExpression("%{if a}")]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test.each<[string, object, object, string[]]>([
  [
    "a default that is allowed",
    { max: { default: 5 } },
    { scaling_config: { min_size: 0, max_size: "${var.max}" } },
    [],
  ],
  [
    "a default that is not allowed",
    { max: { default: 21 } },
    { scaling_config: { min_size: 0, max_size: "${var.max}" } },
    ["terraform/max-nodes"],
  ],
  [
    "no default",
    { max: {} },
    { scaling_config: { min_size: 0, max_size: "${var.max}" } },
    ["terraform/autoscaling", "terraform/max-nodes"],
  ],
  [
    "a default within an expression",
    { max: { default: 5 } },
    { scaling_config: { min_size: 0, max_size: "${var.max * 2}" } },
    ["terraform/autoscaling", "terraform/max-nodes"],
  ],
])("a variable with %s", (_, variable, group, expected) => {
  expect(rules({ ...nodes(group), variable })).toEqual(expected);
});

test("a variable that is null leaves the type to the template", () => {
  const stack = nodes({ instance_types: "${var.types}" }, { instance_type: "m5.large" });
  expect(rules({ ...stack, variable: { types: { default: null } } })).toEqual([]);
});

test("numbers as texts are judged as Terraform reads them", () => {
  expect(rules(nodes({ scaling_config: { min_size: "0", max_size: "20" } }))).toEqual([]);
  expect(rules(nodes({ scaling_config: { min_size: "0", max_size: "21" } }))).toEqual(["terraform/max-nodes"]);
});

test("values of a chart with an expression are judged, but for what the expression decides", () => {
  const release = (values: string) =>
    nodes({}, {}, {}, { helm_release: { ray: { name: "ray", chart: "./ray", values: [values] } } });
  const ray = (image: string, replicas: string) =>
    release(
      `a:\n  apiVersion: ray.io/v1\n  kind: RayCluster\n  metadata: {name: x, labels: {app: a, ray.io/node-type: b}}\n  spec:\n    headGroupSpec:\n      template: {spec: {containers: [{name: h, image: "${image}", resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}}}]}}\n    workerGroupSpecs:\n      - {groupName: w, maxReplicas: ${replicas}, template: {spec: {containers: [{name: h, resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}}}]}}}\n`,
    );
  expect(rules(ray("${aws_ecr_repository.r.url}", "5"))).toEqual([]);
  expect(rules(ray("x", "51"))).toEqual(["ray/max-workers"]);
  expect(rules(ray("x", '"${local.most}"'))).toEqual(["ray/replicas", "terraform/unread-manifest"]);
});
