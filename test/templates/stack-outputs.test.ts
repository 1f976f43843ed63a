// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AWAITED } from "../../templates/src/platform/stack-outputs";
import { NatMode } from "../../src/options/nat-mode";
import { S3Access } from "../../src/options/s3-access";
import { configs, platform } from "./configs";
import { type Json, resources, type Synthesis, synthesize } from "./synthesize";

// A plan of a stack reads the outputs of the one before as they are deployed, from an older commit: their names must not
// depend on options, and an entry that is not deployed must not stop the plan.

// Those that differ in what a stack has to publish.
const names = [
  "default",
  "no GitHub",
  "without GPU",
  "existing VPC",
  "given KMS key",
  "S3 interface endpoint",
  "own registry",
  "A100 with EFA",
  "monitoring, backup, job, Redis, NodeConfig",
];
const synthesized = new Map(names.map((name) => [name, synthesize((configs[name] as () => Json)())]));
const ofDefault = synthesized.get("default") as Synthesis;
const layers = ["bootstrap", "network", "cluster", "workloads"];

/** Output names of a stack, each with whether it is a map. */
function shape(stack: Json): Record<string, string> {
  return Object.fromEntries(
    Object.entries<Json>(stack.output ?? {}).map(([name, { value }]) => [
      name,
      typeof value === "string" ? "text" : "map",
    ]),
  );
}

test.each(layers)("the outputs of %s are the same in every option set", (layer) => {
  const expected = shape(ofDefault.stacks[`dev-${layer}`]);
  for (const [name, { stacks }] of synthesized) {
    if (stacks[`dev-${layer}`] !== undefined) {
      expect([name, shape(stacks[`dev-${layer}`])]).toEqual([name, expected]);
    }
  }
});

test.each([
  ["cluster", "network"],
  ["workloads", "cluster"],
])("%s has a default for every output of %s, of its kind", (reader, owner) => {
  const { stacks } = ofDefault;
  const { defaults } = stacks[`dev-${reader}`].data.terraform_remote_state[owner];
  expect(
    Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [
        name,
        typeof value === "string" && value.startsWith(AWAITED)
          ? "text"
          : Object.keys(value as object).length === 0
            ? "map"
            : "",
      ]),
    ),
  ).toEqual(shape(stacks[`dev-${owner}`]));
});

test.each(names)("%s: no reference between stacks but through a contract", (name) => {
  for (const stack of Object.values((synthesized.get(name) as Synthesis).stacks)) {
    expect(JSON.stringify(stack)).not.toContain("cross-stack");
  }
});

test.each(names)("%s: an entry of a map that is not deployed has a stand-in", (name) => {
  for (const [stackName, stack] of Object.entries<Json>((synthesized.get(name) as Synthesis).stacks)) {
    const environment = stackName.slice(0, stackName.lastIndexOf("-"));
    for (const [, state] of Object.entries<Json>(stack.data?.terraform_remote_state ?? {})) {
      expect(state.config.key).toMatch(new RegExp(`^${environment}/`));
    }
    const text = JSON.stringify([stack.resource, stack.provider, stack.locals]);
    for (const [, call, output] of text.matchAll(/(lookup\()?data\.terraform_remote_state\.\w+\.outputs\.(\w+)/g)) {
      expect([output, call]).toEqual([output, /_ids$|_arns$|_urls$/.test(output as string) ? "lookup(" : undefined]);
    }
  }
});

test("a stack waits for those it reads, for whoever asks the manifest", () => {
  const { stacks } = JSON.parse(ofDefault.files["manifest.json"] as string);
  expect([stacks["dev-cluster"].dependencies, stacks["dev-workloads"].dependencies]).toEqual([
    ["dev-network"],
    ["dev-cluster"],
  ]);
});

describe("a subnet stays where it is", () => {
  const ranges = (...zones: string[]) =>
    Object.fromEntries(
      resources(
        synthesize(
          platform({ network: { availabilityZones: zones.map((zone) => `us-east-1${zone}`), nat: NatMode.PER_ZONE } }),
        ).stacks["dev-network"],
        "aws_subnet",
      ).map(({ tags, cidr_block }) => [tags.Name, cidr_block]),
    );
  const before = ranges("a", "b", "c");

  test.each([
    ["the first zone goes", ["b", "c"]],
    ["the middle zone goes", ["a", "c"]],
    ["the last zone goes", ["a", "b"]],
    ["a zone comes", ["a", "b", "c", "f"]],
    ["the order changes", ["c", "a", "b"]],
  ])("when %s", (_, zones) => {
    const after = ranges(...zones);
    const kept = Object.keys(after).filter((name) => name in before);
    expect(kept.length).toBeGreaterThanOrEqual(4);
    expect(kept.map((name) => [name, after[name]])).toEqual(kept.map((name) => [name, before[name]]));
    expect(new Set(Object.values(after)).size).toBe(Object.keys(after).length);
  });
});

test("S3 by interface publishes no prefix list, and the name stays", () => {
  const { stacks } = synthesize(platform({ network: { s3Access: S3Access.INTERFACE } }));
  expect(stacks["dev-network"].output.prefix_list_ids).toEqual({ value: {} });
});
