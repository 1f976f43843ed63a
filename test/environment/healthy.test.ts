// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeEnvironments } from "../../src/environment/judge-environments";
import type { JsonObject } from "../../src/json-object";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { BrokenPlatform } from "./broken-platform";
import { harmless } from "./harmless";
import { optionSets, platformOf } from "./option-sets";
import { unreadableInputs } from "./unreadable-inputs";

// The first test of an option set synthesizes it.
jest.setTimeout(120_000);

let policies: Policies;
beforeAll(async () => {
  policies = await loadPolicies();
});

test.each(Object.keys(optionSets))("%s turns no control red", (set) => {
  const { config, stacks } = platformOf(set);
  const verdicts = judgeEnvironments(policies, config as unknown as JsonObject, stacks);
  const found = verdicts.flatMap(({ deny }) =>
    deny.map(({ id, msg, path, value }) => `${id}: ${msg} (${path}) ${JSON.stringify(value)}`),
  );
  expect(found).toEqual([]);
  expect(verdicts.map(({ environment }) => environment)).toEqual(["prod", "prod-eu"]);
});

test.each(harmless)("$how: no control turns red", ({ on, apply }) => {
  const platform = new BrokenPlatform(on ?? "default");
  apply(platform);
  const [prod] = judgeEnvironments(policies, platform.config, platform.stacks);
  expect(prod?.deny).toEqual([]);
});

test.each(Object.entries(unreadableInputs))("what has %s is refused as unreadable", (_, input) => {
  expect(policies.evaluateControls(input).deny.map(({ id }) => id)).toContain("controls/input");
});
