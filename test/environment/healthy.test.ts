// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeEnvironments } from "../../src/environment/judge-environments";
import type { JsonObject } from "../../src/json-object";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { optionSets, platformOf } from "./option-sets";

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
