// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { pipelineFacts } from "../../src/components/documents/ci-view";
import { documentView } from "../../src/components/documents/document-view";
import { renderDocuments } from "../../src/components/documents/documents";
import { controlRecords } from "../../src/controls/control-record";
import { controlIn } from "../../src/controls/control-state";
import { instancePrices } from "../../src/config/instance-prices";
import { instanceType } from "../../src/config/instance-types";
import { Accelerator } from "../../src/options/accelerator";
import { CostAction } from "../../src/options/cost-action";
import { type Json, resources, synthesize } from "../templates/synthesize";
import { configOf, documentsOf, OPTION_SETS } from "./option-sets";

describe.each(Object.entries(OPTION_SETS))("with %s, documents speak of each environment as it is", (_, set) => {
  const config = configOf(set);
  const { stacks } = synthesize(config);
  const text = Object.fromEntries(documentsOf(set).map(({ path, content }) => [path, content]));
  const operations = text["docs/operations.md"];
  const environments = operations.split("## Environments\n")[1].split("\n## ")[0];
  const rowOf = (name: string) =>
    environments
      .split("\n")
      .find((line) => line.startsWith(`| \`${name}\` |`))
      ?.split(" | ") ?? [];

  test.each(config.environments.map(({ name }) => [name]))("what protects %s from deletion", (name) => {
    const cluster = resources(stacks[`${name}-cluster`], "aws_eks_cluster")[0];
    const isKept = (one: Json) => one.lifecycle?.prevent_destroy === true;
    const key = resources(stacks[`${name}-cluster`], "aws_kms_key").filter(isKept);
    const bucket = resources(stacks[`${name}-bootstrap`], "aws_s3_bucket").filter(isKept);
    expect(rowOf(name).at(-1)?.replace(" |", "")).toBe(
      [
        ...(cluster.deletion_protection === true || isKept(cluster) ? ["cluster"] : []),
        ...(key.length > 0 ? ["key for secrets and logs"] : []),
        ...(bucket.length > 0 ? ["state bucket and its key"] : []),
        ...(bucket.length > 1 ? ["bucket of logs and its key"] : []),
      ].join(", ") || "nothing",
    );
    const destroy = operations.split("## Destroy")[1];
    expect(destroy.includes(`\`${cluster.name}\` is protected from deletion`)).toBe(cluster.deletion_protection);
  });

  test.each(config.environments.map(({ name }) => [name]))("monitoring, backups and the endpoint of %s", (name) => {
    const releases = resources(stacks[`${name}-workloads`], "helm_release").map((release) => release.name);
    const { vpc_config } = resources(stacks[`${name}-cluster`], "aws_eks_cluster")[0];
    const [, , , network, endpoint, , people, , , monitoring, backups] = rowOf(name);
    expect({ network, endpoint, people, monitoring, backups }).toEqual({
      network: stacks[`${name}-network`] === undefined ? "given" : "created",
      endpoint: vpc_config.endpoint_public_access
        ? vpc_config.public_access_cidrs.map((cidr: string) => `\`${cidr}\``).join(", ")
        : "none",
      people: resources(stacks[`${name}-bootstrap`], "aws_iam_role").some((role) => role.name.endsWith("-viewer"))
        ? "yes"
        : "no",
      monitoring: releases.includes("kube-prometheus-stack") ? "yes" : "no",
      backups: releases.includes("velero") ? expect.stringMatching(/^`.+`$/) : "none",
    });
    expect(operations.includes(`\`${name}\` has no backups`)).toBe(!releases.includes("velero"));
  });

  test.each(config.environments.map(({ name }) => [name]))("what %s comes to, idle and full", (name) => {
    const cost = text["docs/cost.md"].split(`## ${name} (`)[1].split("\n## ")[0];
    const groups = resources(stacks[`${name}-cluster`], "aws_eks_node_group");
    const blockTypes = resources(stacks[`${name}-cluster`], "aws_launch_template").flatMap(
      ({ instance_type }) => instance_type ?? [],
    );
    const cores = (group: Json) =>
      (group.instance_types ?? blockTypes).map((type: string) => instanceType(type)?.vcpu ?? 0);
    const sum = (of: (group: Json) => number) => groups.reduce((total, group) => total + of(group), 0);
    const idle = sum((group) => group.scaling_config.min_size * Math.min(...cores(group)));
    const full = sum((group) => group.scaling_config.max_size * Math.max(...cores(group)));
    expect(cost).toContain(`| vCPUs in total | ${idle} | ${full} |`);
    const price = (type: string) => instancePrices().usdAnHour[type] ?? Number.NaN;
    const types = (group: Json): string[] => group.instance_types ?? blockTypes;
    const usd = (size: "min_size" | "max_size", pick: (...prices: number[]) => number) =>
      Math.round(sum((group) => group.scaling_config[size] * pick(...types(group).map(price)) * 730));
    expect(cost).toContain(
      `| Nodes at list price, USD a month | ${usd("min_size", Math.min).toLocaleString("en-US")} | ${usd("max_size", Math.max).toLocaleString("en-US")} |`,
    );
  });

  test("a deviation is stated of controls that are here", () => {
    const pipeline = pipelineFacts(set.workflows);
    const absent = controlRecords()
      .filter((record) =>
        config.environments.every((environment) => controlIn(record, environment, pipeline).state === "absent"),
      )
      .map(({ id }) => id);
    const stated = [...text["docs/deviations.md"].matchAll(/^### ([A-Z]+-\d\d):/gm)].map(([, id]) => id);
    expect(stated.length).toBeGreaterThan(10);
    expect(stated.filter((id) => absent.includes(id) && id !== "RAY-01")).toEqual([]);
  });
});

test("with a development environment before production, the guide says that production is protected", () => {
  const [dev, prod] = ["is not protected from deletion", "is protected from deletion, and as a production environment"];
  const operations = documentsOf(OPTION_SETS["several environments"]).find(({ path }) => path === "docs/operations.md");
  expect(operations?.content).toContain(`\`platform-dev\` ${dev}`);
  expect(operations?.content).toContain(`\`platform-prod\` ${prod}`);
});

test("types beyond those of the usual wording are a deviation, with GPU and without, and others are none", () => {
  const deviations = (policyLimits: object) =>
    documentsOf({ options: { name: "platform", policyLimits } }).find(({ path }) => path === "docs/deviations.md")
      ?.content;
  const further = deviations({ gpuInstanceTypes: ["g4dn.2xlarge", "g4dn.4xlarge", "p5.48xlarge"] });
  expect(further).toContain("`p5.48xlarge` are allowed too (`policyLimits.gpuInstanceTypes`)");
  expect(further).toContain("`m6g.2xlarge` are allowed too (`policyLimits.cpuInstanceTypes`)");
  const usual = deviations({ cpuInstanceTypes: ["m5.2xlarge", "m5.4xlarge"] });
  expect(usual).not.toContain("are allowed too");
});

test("nodes of a type without published price have none, and the day of the prices is stated", () => {
  const options = { name: "platform", awsRegion: "us-east-2", gpuPool: { instanceTypes: ["p5e.48xlarge"] } };
  const policyLimits = { gpuInstanceTypes: ["p5e.48xlarge"] };
  const cost = documentsOf({ options: { ...options, policyLimits } }).find(
    ({ path }) => path === "docs/cost.md",
  )?.content;
  expect(cost).toMatch(/\| Nodes at list price, USD a month \| [\d,]+ \| no price is published for `p5e.48xlarge` \|/);
  expect(cost).toContain(`in us-east-1 as of ${instancePrices().asOf}`);
});

describe("what the guide says of repair and of GPU faults follows from the add-ons that are synthesized", () => {
  const AGENT = { name: "eks-node-monitoring-agent", version: "v1.4.0-eksbuild.2", wave: "after-nodes" as const };
  const set = { options: { name: "platform", environmentNames: ["dev", "prod"] } };
  const UNSEEN = "It does not detect GPU faults: that needs the add-on `eks-node-monitoring-agent`, which";

  test.each<[string, readonly string[], string]>([
    ["nowhere", [], `${UNSEEN} this platform does not install.`],
    ["in dev", ["dev"], `${UNSEEN} \`prod\` does not install.`],
    ["everywhere", ["dev", "prod"], "The add-on `eks-node-monitoring-agent` also reports GPU faults to it."],
  ])("with the agent %s", (_, having, sentence) => {
    const plain = configOf(set);
    const environments = plain.environments.map((environment) => {
      const addons = [...environment.cluster.addons, ...(having.includes(environment.name) ? [AGENT] : [])];
      return { ...environment, cluster: { ...environment.cluster, addons } };
    });
    const config = { ...plain, environments };
    const { stacks } = synthesize(config);
    const clusters = environments.map(({ name }) => [name, stacks[`${name}-cluster`]] as const);
    const addonsOf = (stack: Json) => resources(stack, "aws_eks_addon").map(({ addon_name }) => addon_name);
    expect(clusters.filter(([, stack]) => addonsOf(stack).includes(AGENT.name)).map(([name]) => name)).toEqual(having);
    const repairs = clusters.flatMap(([, stack]) =>
      resources(stack, "aws_eks_node_group").map(({ node_repair_config }) => node_repair_config?.enabled),
    );
    expect(new Set(repairs)).toEqual(new Set([true]));
    const guide = renderDocuments(documentView(config, {})).find(({ path }) => path === "docs/operations.md")?.content;
    expect(guide).toContain(`EKS replaces a node whose kubelet stops reporting. ${sentence}`);
  });

  test("without a GPU pool nothing is said of them", () => {
    const none = documentsOf({ options: { ...set.options, accelerator: Accelerator.NONE } });
    expect(none.find(({ path }) => path === "docs/operations.md")?.content).not.toContain("GPU faults");
  });
});

test("the limit of the cost is stated as it is, by environment", () => {
  const cost = documentsOf({
    options: {
      name: "platform",
      cost: { maxMonthlyUsd: 40_000 },
      environments: [{ name: "dev", cost: { aboveMax: CostAction.DENY } }, { name: "prod" }],
    },
  }).find(({ path }) => path === "docs/cost.md")?.content;
  const [, dev, prod] = cost?.split(/\n## (?:dev|prod) /) ?? [];
  expect(dev).toContain("40,000 USD a month (`cost.maxMonthlyUsd`). Above it, `npx projen` fails and writes nothing");
  expect(prod).toContain("40,000 USD a month (`cost.maxMonthlyUsd`). Above it, `npx projen` warns");
});
