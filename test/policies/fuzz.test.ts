// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { fromCdktf } from "../../src/policy/from-cdktf";
import { loadPolicies, type Policies, type PolicyName } from "../../src/policy/load-policies";

const { base } = require("./cases/expand.cjs") as { base(name: string): unknown };

let policies: Policies;
beforeAll(async () => {
  policies = await loadPolicies();
});

const NO_VERDICT = "gave no verdict";

function expectVerdict(name: PolicyName, input: unknown): number {
  const { deny, warn } = policies.evaluate(name, input, undefined);
  expect([...deny, ...warn].filter(({ msg }) => msg.includes(NO_VERDICT))).toEqual([]);
  return deny.length;
}

/** A document with one place replaced by something else. */
function damaged(document: unknown): fc.Arbitrary<unknown> {
  const places = allPlaces(document);
  return fc
    .tuple(
      fc.nat(places.length - 1),
      fc.oneof(fc.jsonValue(), fc.constantFrom(null, true, false, -1, "", [], {}, "${x}")),
    )
    .map(([index, value]) => {
      const copy = structuredClone(document);
      const path = places[index]!;
      const parent = path.slice(0, -1).reduce<any>((at, key) => at[key], copy);
      parent[path[path.length - 1]!] = value;
      return copy;
    });
}

function allPlaces(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const own = path.length === 0 ? [] : [path];
  return value === null || typeof value !== "object"
    ? own
    : [...own, ...Object.entries(value).flatMap(([key, item]) => allPlaces(item, [...path, key]))];
}

test.each<PolicyName>(["terraform", "ray"])("%s: any JSON gets a verdict, and it is a denial", (name) => {
  fc.assert(
    fc.property(fc.jsonValue(), (input) => {
      expect(expectVerdict(name, input)).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test.each<[PolicyName, string]>([
  ["terraform", "plan"],
  ["ray", "ray-cluster"],
])("%s: a %s that is damaged in one place gets a verdict", (name, document) => {
  fc.assert(
    fc.property(damaged(base(document)), (input) => {
      expectVerdict(name, input);
    }),
    { numRuns: 600 },
  );
});

// Types of the second plan that start nodes.
const STARTERS = ["aws_eks_cluster", "aws_eks_node_group", "aws_launch_template"];

test("what is allowed of a damaged plan, the coverage names as judged", () => {
  fc.assert(
    fc.property(damaged(base("second-plan")), (input) => {
      if (policies.evaluate("terraform", input, undefined).deny.length > 0) {
        return;
      }
      const judged = policies
        .coverage("terraform", input)
        .filter(({ reason }) => reason === "")
        .map(({ resource }) => resource);
      const { resource_changes: changes } = input as {
        resource_changes: { type: string; mode: string; address: string; change: { actions: unknown } }[];
      };
      const starting = changes.filter(
        ({ type, mode, change }) => STARTERS.includes(type) && mode !== "data" && String(change.actions) === "no-op",
      );
      expect(judged).toEqual(
        expect.arrayContaining(
          starting
            .map(({ address, type }) => (typeof address === "string" ? address : type))
            .filter((address) => address.includes(".")),
        ),
      );
    }),
    { numRuns: 600 },
  );
});

test("a stack of any JSON becomes a plan that gets a verdict", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (resources, provider) => {
      expectVerdict("terraform", fromCdktf({ resource: { aws_instance: resources }, provider: { aws: provider } }));
    }),
    { numRuns: 300 },
  );
});
