// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/cli/main";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { controlRecords } from "../../src/controls/control-record";
import { optionPaths } from "../../src/options/option-paths";
import { ruleList } from "../../src/policy/rule-list";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { synthesizedRepository } from "./synthesized-repository";

const OPTIONS: RayPlatformProjectOptions = {
  name: "ml-platform",
  githubOwner: "acme",
  environmentNames: ["dev"],
  cluster: { publicAccessCidrs: ["198.51.100.0/24"] },
};
let root: string;

beforeAll(() => {
  root = synthesizedRepository(OPTIONS);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe.each([
  ["a control", "EKS-02", ["weaker by option", "cluster.publicAccessCidrs", "terraform/private-endpoint"]],
  ["a control, however it is written", "eks-02", ["admits the CIDRs that the options name"]],
  ["a rule", "terraform/imdsv2", ["IMDS-01", "policies/terraform/", "denies"]],
  ["a gate", "tfsec", ["Terraform security analysis", "CI-01", "gates --only tfsec", "workflows.tfsec", "required"]],
  [
    "a check that is red on a pull request",
    "build and test",
    ["npx projen build", "Required checks", "always present"],
  ],
  ["a workflow that is no gate", "drift-detection", ["not required", "workflows.drift"]],
  [
    "a check of a workflow that is called for an environment",
    "plan (dev) / network and cluster",
    ["Plan (dev) / Network and cluster, ", "terraform-plan.yml, .github/workflows/terraform-plan-environment.yml"],
  ],
  [
    "the call for an environment, where it is skipped",
    "Deploy (dev)",
    ["Deploy (dev) / Apply", "workflows.terraformApply"],
  ],
  [
    "the workflow that is called",
    ".github/workflows/terraform-apply-environment.yml",
    ["managed", "environmentNames", "workflows.actionPins"],
  ],
  ["an option", "network.nat", ["NET-04", "NatMode.NONE"]],
  ["an option of an environment", "production", ["KMS-03"]],
  ["a file", "src/platform/cluster/encryption-key.ts", ["managed", "KMS-02", "release: ["]],
  ["the user's own file", "src/extensions.ts", ["seeded", "edit it"]],
  ["a file with a block", "README.md", ["marked block"]],
  ["a directory's control", ".github/workflows/tfsec.yml", ["CI-01"]],
])("explain: %s", (_, asked, expected) => {
  test("is told in ten lines", async () => {
    const { code, out } = await run(asked);
    expect(code).toBe(0);
    for (const text of expected) {
      expect(out).toContain(text);
    }
    expect(out.trim().split("\n").length).toBeLessThanOrEqual(11);
  });
});

test("a line of a stack leads to its resource, to what makes it, and to its controls", async () => {
  const file = "cdktf.out/stacks/dev-network/cdk.tf.json";
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const { out } = await run(`${file}:${lines.findIndex((line) => line.includes("max_aggregation_interval")) + 1}`);
  expect(out).toContain("aws_flow_log.");
  expect(out).toContain("src/platform/network/flow-logs.ts");
  expect(out).toContain("NET-06");
});

test("a line of a document leads to the control that it states", async () => {
  const file = "docs/security-architecture.md";
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const { out } = await run(`${file}:${lines.findIndex((line) => line.startsWith("- **NODE-01**")) + 1}`);
  expect(out).toContain("NODE-01 GPU nodes carry the taint");
});

test("a gate that was removed is not in force", async () => {
  const file = join(root, ".github/workflows/checkov.yml");
  const before = readFileSync(file, "utf8");
  expect((await run("CI-02")).out).toContain("in force");
  rmSync(file);
  expect((await run("CI-02")).out).toContain("not here");
  writeFileSync(file, "name: checkov\non:\n  pull_request:\njobs: {}\n");
  expect((await run("CI-02")).out).toContain("not here");
  rmSync(file);
  writeFileSync(file, before);
});

test("machines get the same", async () => {
  const { out } = await run("NET-06", "--json");
  const report = JSON.parse(out);
  expect(report).toMatchObject({ format: 1, subject: "NET-06", kind: "control", controls: ["NET-06"] });
  expect(report.lines.map(({ label }: { label: string }) => label)).toContain("Would show");
});

test.each([
  [
    "an unknown name",
    ["NET-60"],
    /is not a control, policy rule, workflow, option or file here; did you mean NET-06\?/,
  ],
  ["a line that there is not", ["README.md:100000"], /and no line 100000/],
  ["nothing", [], /name one thing to explain/],
  ["two things", ["NET-06", "NET-05"], /name one thing to explain/],
])("%s is refused without a stack trace", async (_, argv, message) => {
  const error = await run(...argv).catch((thrown: Error & { exitCode?: number }) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(message);
  expect((error as { exitCode?: number }).exitCode).toBe(1);
});

test("everything that has a name is explained", async () => {
  const names = [
    ...controlRecords().map(({ id }) => id),
    ...ruleList().map(({ id }) => id),
    ...WORKFLOWS.map(({ id }) => id),
    ...JSON.parse(readFileSync(join(root, ".github/settings.json"), "utf8")).requiredChecks,
    ...optionPaths().filter((path) => !path.startsWith("environments.")),
  ];
  expect(names.length).toBeGreaterThan(200);
  for (const name of names) {
    const { code, out } = await run(name);
    expect({ name, code, empty: /^ {2}\S.* {2,}$/m.test(out) }).toEqual({ name, code: 0, empty: false });
  }
});

async function run(...argv: string[]): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  const code = await main(["explain", ...argv], {
    cwd: root,
    out: (text) => {
      out += text;
    },
    err: () => {},
  });
  return { code, out };
}
