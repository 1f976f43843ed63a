// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type CoverageEntry, loadPolicies, type Limits, type PolicyName } from "../../src/policy/load-policies";
import type { Verdict, Violation } from "../../src/policy/violation";

interface PolicyCase {
  readonly file: string;
  readonly name: string;
  readonly policy: PolicyName;
  readonly input: unknown;
  readonly limits?: Limits;
  readonly deny: readonly string[];
  readonly warn: readonly string[];
  readonly says?: readonly string[];
  readonly coverage?: Readonly<Record<string, string>>;
}

const { allCases } = require("./cases/expand.cjs") as { allCases(): PolicyCase[] };
const cases = allCases();
const verdicts = new Map<PolicyCase, Verdict>();
const coverages = new Map<PolicyCase, CoverageEntry[]>();

beforeAll(async () => {
  const policies = await loadPolicies();
  for (const entry of cases) {
    verdicts.set(entry, policies.evaluate(entry.policy, entry.input, entry.limits));
    if (entry.coverage) coverages.set(entry, policies.coverage(entry.policy, entry.input));
  }
}, 60_000);

const ids = (found: readonly Violation[]) => [...new Set(found.map(({ id }) => id))].sort();

test.each(cases)("$file: $name", (entry) => {
  const verdict = verdicts.get(entry)!;
  expect({ deny: ids(verdict.deny), warn: ids(verdict.warn) }).toEqual({ deny: entry.deny, warn: entry.warn });
});

test.each(cases.filter(({ says }) => says))("$file: $name: the denials say what the case says", (entry) => {
  const found = verdicts.get(entry)!.deny.map(({ msg, resource }) => msg.slice(resource.length + 2));
  expect([...new Set(found)].sort()).toEqual(entry.says);
});

test.each(cases.filter(({ coverage }) => coverage))("$file: $name: the coverage lists what the case says", (entry) => {
  const found = coverages.get(entry)!.map(({ resource, reason }) => [resource, reason]);
  expect(found.sort()).toEqual(Object.entries(entry.coverage!).sort());
});

test("names of cases are unique within a file", () => {
  const names = cases.map(({ file, name }) => `${file}: ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("every rule is denied or warned of by some case, and stays silent in another", () => {
  const { ruleList } = require("../../src/policy/rule-list") as typeof import("../../src/policy/rule-list");
  // Rules of controls have a table of their own: test/environment/breaks/.
  for (const { id, severity } of ruleList().filter(({ controls }) => controls === undefined)) {
    const key = severity === "error" ? "deny" : "warn";
    const ofPolicy = cases.filter(({ policy }) => id.startsWith(`${policy}/`));
    expect([id, ofPolicy.some((entry) => entry[key].includes(id))]).toEqual([id, true]);
    expect([id, ofPolicy.some((entry) => !entry[key].includes(id))]).toEqual([id, true]);
  }
});

test("each violation says rule, resource, message and fix", () => {
  for (const { deny, warn } of verdicts.values()) {
    for (const violation of [...deny, ...warn]) {
      expect(Object.keys(violation).sort()).toEqual(["fix", "id", "limit", "msg", "path", "resource", "value"]);
      expect(violation.msg.startsWith(`${violation.resource}: `)).toBe(true);
      expect(violation.fix).not.toBe("");
    }
  }
});
