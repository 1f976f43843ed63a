// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { environmentInputs } from "../../src/environment/environment-inputs";
import type { JsonObject } from "../../src/json-object";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { NatMode } from "../../src/options/nat-mode";
import { type PlatformFacts, platformFacts } from "../../src/posture/platform-facts";
import { PICTURE_WIDTHS, platformPicture } from "../../src/posture/platform-picture";
import { platform } from "../templates/configs";
import { type Json, synthesize } from "../templates/synthesize";

const BASE: RayPlatformProjectOptions = { name: "ml-platform", githubOwner: "acme", environmentNames: ["dev"] };
const SETS: Readonly<Record<string, RayPlatformProjectOptions>> = {
  "the default": BASE,
  "NAT and a public endpoint": {
    ...BASE,
    network: { nat: NatMode.PER_ZONE },
    cluster: { publicAccessCidrs: ["203.0.113.0/24"] },
  },
  "a given VPC": {
    ...BASE,
    network: {
      vpcId: "vpc-0123456789abcdef0",
      vpcCidr: "10.0.0.0/16",
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      availabilityZones: ["us-east-1a", "us-east-1b"],
    },
  },
};

describe.each(Object.entries(SETS))("the picture of %s", (_, options) => {
  const { config, stacks } = synthesized(options);
  const facts = factsOf(config, stacks);
  const all = (type: string): Json[] =>
    Object.values(stacks).flatMap((stack) => Object.values((stack as Json).resource?.[type] ?? {}));

  test("has every subnet, endpoint, group of nodes, role and release that the stacks make, and no other", () => {
    const made = all("aws_subnet").map(({ cidr_block }) => cidr_block);
    expect(facts.network.subnets.map(({ cidr }) => cidr).filter(Boolean)).toEqual(made);
    expect(facts.network.endpoints).toHaveLength(all("aws_vpc_endpoint").length);
    expect(facts.nodeGroups).toHaveLength(all("aws_eks_node_group").length);
    expect(facts.roles.map(({ name }) => name).sort()).toEqual(
      all("aws_iam_role")
        .map(({ name }) => name)
        .sort(),
    );
    expect(facts.releases.map(({ name }) => name).sort()).toEqual(
      all("helm_release")
        .map(({ name }) => name)
        .sort(),
    );
    const subnets = new Set(facts.network.subnets.map(({ id }) => id));
    expect(facts.nodeGroups.flatMap((group) => group.subnets).filter((id) => !subnets.has(id))).toEqual([]);
  });

  test("has every rule of every security group, and knows the ends", () => {
    const types = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
    expect(new Set(facts.traffic.flatMap(({ rules }) => rules)).size).toBe(types.flatMap(all).length);
    expect(facts.traffic.flatMap(({ from, to }) => [from, to]).filter((end) => end.includes("aws_"))).toEqual([]);
    expect(facts.traffic).toContainEqual(expect.objectContaining({ from: "control plane", to: "nodes" }));
  });

  test("has a way to the internet exactly where the stacks make one", () => {
    const count = all("aws_nat_gateway").length + all("aws_internet_gateway").length;
    expect(facts.network.gateways.reduce((sum, gateway) => sum + gateway.count, 0)).toBe(count);
    expect(facts.network.subnets.filter(({ isPublic }) => isPublic)).toHaveLength(
      (config.environments as Json[])[0].network.publicSubnetCidrs.length,
    );
    expect(facts.cluster?.publicCidrs).toEqual(options.cluster?.publicAccessCidrs ?? []);
  });

  test.each(Object.keys(PICTURE_WIDTHS) as (keyof typeof PICTURE_WIDTHS)[])("says all of it when it is %s", (size) => {
    const drawn = textOf(platformPicture(facts, size).text);
    const said = [
      facts.network.name,
      facts.cluster?.name ?? "",
      ...facts.network.subnets.map(({ cidr, id }) => cidr || id),
      ...facts.network.endpoints.map(({ service }) => service),
      ...facts.network.gateways.map(({ kind }) => kind),
      ...facts.nodeGroups.map(({ name }) => name),
      ...facts.roles.flatMap(({ name, admits }) => [name, ...admits.map((who) => who.name)]),
      ...facts.releases.map(({ name }) => name),
      ...facts.traffic.flatMap(({ ports }) => ports.map((port) => port.replace("/tcp", ""))),
    ];
    expect(said.filter((text) => !drawn.includes(text.replace(/\s/g, "")))).toEqual([]);
  });
});

test("what a user's own code opens is drawn as open", () => {
  const { config, stacks } = synthesized(BASE);
  const cluster = stacks["dev-cluster"] as Json;
  const [group] = Object.keys(cluster.resource.aws_security_group);
  cluster.resource.aws_security_group_rule = {
    planted: {
      type: "ingress",
      security_group_id: `\${aws_security_group.${group}.id}`,
      cidr_blocks: ["0.0.0.0/0"],
      protocol: "tcp",
      from_port: 8000,
      to_port: 9000,
    },
  };
  cluster.resource.aws_iam_role.planted = {
    name: "planted",
    assume_role_policy: JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }],
    }),
  };
  const facts = factsOf(config, stacks);
  expect(facts.traffic).toContainEqual(
    expect.objectContaining({ from: "the internet", to: "nodes", ports: ["8000–9000/tcp"] }),
  );
  expect(facts.roles.find(({ name }) => name === "planted")?.admits).toEqual([{ kind: "anybody", name: "anybody" }]);
  expect(platformPicture(facts, "wide").text.match(/class="card danger"/g)).toHaveLength(2);
});

test("who may assume a role is said in words", () => {
  const { config, stacks } = synthesized(BASE);
  const { roles } = factsOf(config, stacks);
  const of = (end: string) => roles.find(({ name }) => name === `ml-platform-dev-${end}`);
  expect(of("apply")?.admits).toEqual([{ kind: "github", name: "GitHub acme/ml-platform, environment dev" }]);
  expect(of("plan")?.admits).toEqual([{ kind: "github", name: "GitHub acme/ml-platform, pull requests" }]);
  expect(of("node")?.admits).toEqual([{ kind: "service", name: "ec2.amazonaws.com" }]);
  expect(of("autoscaler-irsa")?.admits).toEqual([{ kind: "pod", name: "pods of kube-system/cluster-autoscaler" }]);
  expect(of("administrator")?.kubernetes).toEqual(["AmazonEKSClusterAdminPolicy"]);
});

function synthesized(options: RayPlatformProjectOptions): { config: JsonObject; stacks: Record<string, JsonObject> } {
  const config = platform(options);
  return { config: config as unknown as JsonObject, stacks: synthesize(config).stacks };
}

function factsOf(config: JsonObject, stacks: Record<string, JsonObject>): PlatformFacts {
  const [input] = environmentInputs(config, stacks);
  return platformFacts(input);
}

/** The texts of a drawing without the places where its lines break. */
function textOf(svg: string): string {
  return svg
    .replace(/<\/text><text[^>]*>/g, "")
    .replace(/<[^>]+>/g, "\n")
    .replaceAll(" ", "");
}
