// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { PLATFORM_FILE } from "../controls/repository-facts";
import type { JsonObject } from "../json-object";
import type { EnvironmentCoverage } from "../policy/coverage";
import type { Judgement } from "../policy/judgement";
import { type PolicyInput, SYNTHESIZED } from "../policy/policy-input";
import type { Violation } from "../policy/violation";
import { portableRelative } from "../portable-path";
import { type ControlPolicies, judgeEnvironments } from "./judge-environments";
import { plannedStack } from "./planned-stack";
import { readGenerated, synthesizedStacks } from "./synthesized-stacks";

/** What the rules of the controls say of a repository. */
export interface ControlsReport {
  readonly judgements: readonly Judgement[];
  readonly environments: readonly EnvironmentCoverage[];
}

/**
 * Judges what a repository synthesized by the rules of the controls; with a plan, that plan and the other stacks of its
 * environment.
 *
 * @param plan a plan, and the stack that it is of
 * @returns nothing for a directory that is no generated repository, or where nothing was synthesized
 * @throws ExplainedError for files that cannot be read
 */
export function judgeControls(
  policies: ControlPolicies,
  cwd: string,
  root: string,
  plan?: { readonly stack: string; readonly input: PolicyInput },
): ControlsReport {
  const platform = readGenerated(join(root, PLATFORM_FILE));
  const stacks = synthesizedStacks(root);
  if (platform === undefined || (Object.keys(stacks).length === 0 && plan === undefined)) {
    return { judgements: [], environments: [] };
  }
  if (plan !== undefined) {
    stacks[plan.stack] = plannedStack(stacks[plan.stack] ?? {}, plan.input.document as JsonObject);
  }
  const planned = new Set(plan === undefined ? [] : [plan.stack]);
  const environments = judgeEnvironments(policies, platform, stacks, planned).filter(
    (verdict) => plan === undefined || plan.stack in verdict.stacks,
  );
  const fileOf = (stack: string): string => {
    if (stack === plan?.stack) {
      return plan.input.file;
    }
    const file = stack in stacks ? join(SYNTHESIZED.stacks, stack, "cdk.tf.json") : PLATFORM_FILE;
    return portableRelative(cwd, join(root, file));
  };
  return {
    judgements: byFile(
      environments.flatMap(({ deny }) => deny),
      fileOf,
    ),
    environments: environments.map(({ environment, stacks: sources, absent }) => ({
      environment,
      planned: Object.keys(sources).filter((name) => sources[name] === "plan"),
      synthesized: Object.keys(sources).filter((name) => sources[name] === "synthesized"),
      absent,
    })),
  };
}

// A rule names a resource as STACK/ADDRESS. What is of no stack is of the environment.
function byFile(violations: readonly Violation[], fileOf: (stack: string) => string): Judgement[] {
  const found = new Map<string, Violation[]>();
  for (const violation of violations) {
    const file = fileOf(violation.resource.split("/")[0] ?? "");
    found.set(file, [...(found.get(file) ?? []), violation]);
  }
  return [...found].map(([file, deny]) => ({ file, deny, warn: [] }));
}
