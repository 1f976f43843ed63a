// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { shapingOptions } from "../../src/components/shaping-options";
import { steps, withValueAt } from "./assembly";
import { EFFECTS, type Effect } from "./effects";
import { filesOf, type Options } from "./resolve";

/** An option as the lock names it: workflows by their field, the others as a whole. */
function nameOf({ option }: Effect): string {
  const [first, second] = steps(option).map(String);
  return first === "workflows" ? `workflows.${second}` : first;
}

/** Refused without a workflow of the project's own. */
const NOT_ALONE = ["workflows.requiredWorkflows"];

/** One effect of each such option that stands alone. */
const SAMPLES = new Map(
  EFFECTS.filter((effect) => effect.beside === undefined && !NOT_ALONE.includes(nameOf(effect))).map(
    (effect) => [nameOf(effect), effect] as const,
  ),
);
const defaults = filesOf({});

test.each([...SAMPLES])("the files that %s changes have it in their record", (name, { option, value }) => {
  const files = filesOf(withValueAt({}, option, value) as Options);
  const changed = Object.keys({ ...defaults, ...files }).filter((path) => files[path] !== defaults[path]);
  const recorded = (path: string) => {
    const options = shapingOptions(path);
    return options.includes(name) || (name.startsWith("workflows.") && options.includes("workflows"));
  };
  expect(changed.filter((path) => !recorded(path))).toEqual([]);
});

test("what is the same in every repository has none", () => {
  expect(shapingOptions("src/main.ts")).toEqual([]);
  expect(shapingOptions("policies/terraform/cluster.rego")).toEqual([]);
});
