// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { controlRecords } from "../../src/controls/control-record";
import { judgeControls } from "../../src/environment/judge-controls";
import type { JsonObject } from "../../src/json-object";
import { fromCdktf } from "../../src/policy/from-cdktf";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { differingPolicies, OwnPolicies } from "../../src/policy/own-policies";
import type { PolicyInput } from "../../src/policy/policy-input";
import { ruleList } from "../../src/policy/rule-list";
import type { Json } from "../templates/synthesize";
import { BrokenPlatform } from "./broken-platform";

// The first test of an option set synthesizes it.
jest.setTimeout(120_000);

let policies: Policies;
let root: string;
beforeAll(async () => {
  policies = await loadPolicies();
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "controls-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
}

/** A repository with the platform's synthesized stacks. */
function repository({ config, stacks }: BrokenPlatform): void {
  write("src/platform/platform.json", config);
  for (const [name, stack] of Object.entries(stacks)) {
    write(`cdktf.out/stacks/${name}/cdk.tf.json`, stack);
  }
}

const planOf = (stack: Json): PolicyInput => ({ kind: "plan", file: "plan.json", document: fromCdktf(stack) });

test("a violation is reported of the file of its stack", () => {
  const platform = new BrokenPlatform("default");
  platform.one("network", "aws_flow_log").traffic_type = "REJECT";
  repository(platform);
  const { judgements } = judgeControls(policies, root, root);
  expect(judgements.map(({ file, deny }) => [file, deny.map(({ id }) => id)])).toEqual([
    ["cdktf.out/stacks/prod-network/cdk.tf.json", ["controls/flow-logs"]],
  ]);
});

test("a directory without a platform has no controls", () => {
  expect(judgeControls(policies, root, root)).toEqual({ judgements: [], environments: [] });
});

describe.each(["bootstrap", "network", "cluster", "workloads"])("with a plan of %s", (layer) => {
  test("the verdict says what comes from where, and a healthy plan turns no control red", () => {
    const platform = new BrokenPlatform("default");
    repository(platform);
    const stack = `prod-${layer}`;
    const { judgements, environments } = judgeControls(policies, root, root, {
      stack,
      input: planOf(platform.stacks[stack]),
    });
    expect(judgements).toEqual([]);
    expect(environments[0]?.planned).toEqual([stack]);
    expect(environments[0]?.synthesized).toHaveLength(3);
  });
});

test("a plan counts for its stack, the synthesized stacks for the others", () => {
  const platform = new BrokenPlatform("default");
  repository(platform);
  platform.one("cluster", "aws_kms_key").enable_key_rotation = false;
  const input = planOf(platform.stacks["prod-cluster"]);
  const { judgements } = judgeControls(policies, root, root, { stack: "prod-cluster", input });
  expect(judgements.map(({ file, deny }) => [file, deny.map(({ id }) => id)])).toEqual([
    ["plan.json", ["controls/key-rotation"]],
  ]);
});

test("what a plan adds is judged, and what it deletes is not", () => {
  const platform = new BrokenPlatform("default");
  repository(platform);
  platform.add("cluster", "aws_kms_key", { description: "left behind" });
  const plan = planOf(platform.stacks["prod-cluster"]).document as { resource_changes: Json[] } & JsonObject;
  const judged = (): number =>
    judgeControls(policies, root, root, {
      stack: "prod-cluster",
      input: { kind: "plan", file: "plan.json", document: plan },
    }).judgements.length;
  expect(judged()).toBe(1);
  for (const change of plan.resource_changes) {
    if (change.name === "broken-aws_kms_key") {
      change.change.actions = ["delete"];
    }
  }
  expect(judged()).toBe(0);
});

test("records name the rules whose METADATA names them", () => {
  const byMetadata = controlRecords().map(({ id }) => [
    id,
    ruleList().flatMap((rule) => (rule.controls?.includes(id) ? [rule.id] : [])),
  ]);
  const byRecord = controlRecords().map(({ id, rules }) => [id, rules.filter((rule) => rule.startsWith("controls/"))]);
  expect(byRecord).toEqual(byMetadata);
});

test("Rego of a repository that differs from the package's is found by its file", () => {
  expect(differingPolicies(root)).toEqual([]);
  write("policies/terraform/cluster.rego", "package terraform\n");
  const found = differingPolicies(root);
  expect(found).toContain(join("policies", "terraform", "cluster.rego"));
  // What is not there is no rule that holds.
  expect(found).toContain(join("policies", "controls", "encryption.rego"));
});

test("without OPA on the PATH such a repository gets no verdict, but the file's name", () => {
  write("policies/terraform/cluster.rego", "package terraform\n");
  const path = process.env.PATH;
  process.env.PATH = "";
  try {
    expect(() => new OwnPolicies(root, differingPolicies(root)).evaluateControls({})).toThrow(
      /policies\/terraform\/cluster\.rego.* differs from .*: opa is not on the PATH/,
    );
  } finally {
    process.env.PATH = path;
  }
});
