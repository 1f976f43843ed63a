// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeEnvironments } from "../../src/environment/judge-environments";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { ruleList } from "../../src/policy/rule-list";
import { breaks } from "./breaks";
import { BrokenPlatform } from "./broken-platform";

const controlsOf = new Map(ruleList().map(({ id, controls = [] }) => [id, controls]));
// The first test of an option set synthesizes it.
jest.setTimeout(120_000);

let policies: Policies;

beforeAll(async () => {
  policies = await loadPolicies();
});

test.each(breaks)("$red: $how", (broken) => {
  const platform = new BrokenPlatform(broken.on ?? "default");
  broken.apply(platform);
  const [prod] = judgeEnvironments(policies, platform.config, platform.stacks);
  // A rule that proves no control is named itself.
  const red = (prod?.deny ?? []).flatMap(({ id }) => (controlsOf.get(id)?.length ? controlsOf.get(id) : id) ?? id);
  expect([...new Set(red)]).toEqual([broken.red]);
  expect(prod?.absent).not.toContain(broken.red);
});

test("every control that a rule proves is broken in three ways or more", () => {
  const proven = [...new Set([...controlsOf.values()].flat())].sort();
  const thin = proven.filter((id) => breaks.filter(({ red }) => red === id).length < 3);
  expect(thin).toEqual([]);
  expect(breaks.length).toBeGreaterThanOrEqual(120);
});
