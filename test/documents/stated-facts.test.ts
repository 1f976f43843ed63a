// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { policy, resources, synthesize } from "../templates/synthesize";
import { inlineCode } from "./markdown";
import { configOf, documentsOf, OPTION_SETS } from "./option-sets";

const TRUST = "token.actions.githubusercontent.com:sub";

describe.each(Object.entries(OPTION_SETS))("what documents state with %s is what the stacks say", (_, set) => {
  const config = configOf(set);
  const { stacks } = synthesize(config);
  const text = Object.fromEntries(documentsOf(set).map(({ path, content }) => [path, content]));
  const security = text["docs/security-architecture.md"];
  const operations = text["docs/operations.md"];
  const roles = Object.values(stacks).flatMap((stack) => resources(stack, "aws_iam_role"));

  test("roles", () => {
    const stated = inlineCode(security).filter((code) => /-(?:plan|apply|drift|mirror|irsa)$/.test(code));
    const made = roles.map(({ name }) => name).filter((name) => /-(?:plan|apply|drift|mirror|irsa)$/.test(name));
    expect([...new Set(stated)].sort()).toEqual([...new Set(made)].sort());
  });

  test("subjects that the roles trust", () => {
    const stated = inlineCode(security).filter((code) => code.startsWith("repo:"));
    const trusted = roles
      .map(({ assume_role_policy }) => policy(assume_role_policy).Statement[0].Condition?.StringEquals?.[TRUST])
      .filter((subject) => subject !== undefined);
    expect([...new Set(stated)].sort()).toEqual([...new Set(trusted)].sort());
  });

  test("stacks", () => {
    const layers = /^[a-z0-9-]+-(?:bootstrap|network|cluster|workloads)$/;
    const stated = inlineCode(operations.split("### 1. Bootstrap")[0]).filter((code) => layers.test(code));
    expect([...new Set(stated)].sort()).toEqual(Object.keys(stacks).sort());
  });

  test("where the state of each stack is", () => {
    const keys = Object.values(stacks).flatMap((stack) => stack.terraform.backend.s3?.key ?? []);
    const stated = inlineCode(operations)
      .filter((code) => /^[a-z0-9_-]+\/[a-z0-9-]+\.tfstate$/.test(code))
      // Where an earlier version kept a copy.
      .filter((code) => !code.endsWith("/bootstrap.tfstate"));
    expect([...new Set(stated)].sort()).toEqual(keys.sort());
    for (const stack of Object.values(stacks)) {
      expect(security).toContain(`\`${stack.terraform.backend.s3.bucket}\``);
    }
  });

  test("node pools", () => {
    for (const stack of Object.values(stacks)) {
      const made = resources(stack, "aws_eks_node_group");
      // For a capacity block, the launch template names the type.
      const blockTypes = resources(stack, "aws_launch_template").flatMap(({ instance_type }) => instance_type ?? []);
      for (const { ami_type, instance_types, labels } of made) {
        const types = (instance_types ?? blockTypes).map((type: string) => `\`${type}\``).join(", ");
        // A pool's groups lie in a zone each.
        const ofPool = made.filter((other) => other.labels["ray-platform/pool"] === labels["ray-platform/pool"]);
        const sum = (key: string) => ofPool.reduce((total, { scaling_config }) => total + scaling_config[key], 0);
        expect(security).toMatch(
          new RegExp(`\\| ${types} \\| [a-z ]+ \\| ${sum("min_size")} to ${sum("max_size")} \\| \`${ami_type}\` \\|`),
        );
      }
    }
  });

  test("the chart whose definitions an upgrade applies", () => {
    const releases = Object.values(stacks)
      .flatMap((stack) => resources(stack, "helm_release"))
      .filter(({ name }) => name === "kuberay-operator");
    for (const { chart, repository, version } of releases) {
      expect(operations).toContain(`helm pull ${chart} --repo ${repository} --version ${version} `);
    }
    expect(releases.length).toBe(config.environments.length);
  });

  test("the pods that a drain waits for", () => {
    const [, selector] = /delete pod --selector app=ray,(ray\.io\/node-type=head)/.exec(operations) ?? [];
    expect(selector).toBe("ray.io/node-type=head");
    const values = Object.values(stacks)
      .flatMap((stack) => resources(stack, "helm_release"))
      .filter(({ name }) => name === "ray");
    expect(values.every((release) => release.values[0].includes('"app":"ray","ray.io/node-type":"head"'))).toBe(true);
  });

  test("zones that are to be looked at are those of the subnets, and capacity blocks where there are any", () => {
    const { pools } = config.environments[0];
    const asked = [...operations.matchAll(/--region (\S+) --zone-names (.*) \\$/gm)];
    expect(asked.map(([, region, zones]) => [region, zones?.split(" ")])).toEqual(
      config.environments
        .filter(({ network }) => network.mode === "created")
        .map(({ region, network }) => [region, network.availabilityZones]),
    );
    expect(operations.includes("A capacity block has nodes")).toBe(
      pools.some(({ capacityType }) => capacityType === "CAPACITY_BLOCK"),
    );
  });

  test("what a given VPC must have, and what an own runner must be admitted to", () => {
    const given = config.environments.some(({ network }) => network.mode === "existing");
    expect(operations.includes("NAT does not replace the endpoints")).toBe(given);
    const rules = Object.values(stacks).flatMap((stack) => resources(stack, "aws_vpc_security_group_egress_rule"));
    expect(rules.filter(({ cidr_ipv4 }) => cidr_ipv4 === "0.0.0.0/0")).toEqual([]);
    expect(operations).toContain("the endpoints, which admit these subnets and no others");
    const all = (type: string) => Object.values(stacks).flatMap((stack) => resources(stack, type));
    const subnets = all("aws_subnet").map(({ cidr_block }) => cidr_block);
    const admitted = all("aws_vpc_security_group_ingress_rule")
      .filter(({ security_group_id }) => /endpoints/.test(security_group_id))
      .map(({ cidr_ipv4 }) => cidr_ipv4);
    expect(admitted.length > 0).toBe(subnets.length > 0);
    expect(admitted.filter((range) => !subnets.includes(range))).toEqual([]);
  });

  test("the control plane's log group", () => {
    const groups = Object.values(stacks).flatMap((stack) => resources(stack, "aws_cloudwatch_log_group"));
    const stated = /--log-group-name (\S+)/.exec(operations)?.[1];
    expect(groups.map(({ name }) => name)).toContain(stated);
  });
});
