// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object";
import type { ControlVerdict } from "../policy/load-policies";
import type { StackSource } from "./environment-input";
import { environmentInputs } from "./environment-inputs";

/** The rules of the controls: compiled, or as a repository has them. */
export interface ControlPolicies {
  evaluateControls(input: unknown): ControlVerdict;
}

/** What the rules of the controls say of an environment, and what they were told of it. */
export interface EnvironmentVerdict extends ControlVerdict {
  readonly environment: string;
  /** What each stack's part in the verdict comes from. */
  readonly stacks: Readonly<Record<string, StackSource>>;
}

/**
 * Judges every environment of a platform by the rules of the controls: its stacks together, with those that belong to no
 * environment.
 *
 * @param platform the content of `src/platform/platform.json`
 * @param stacks the contents of `cdk.tf.json` by stack name
 * @param planned stacks whose content is that of a plan
 */
export function judgeEnvironments(
  policies: ControlPolicies,
  platform: JsonObject,
  stacks: Readonly<Record<string, JsonObject>>,
  planned: ReadonlySet<string> = new Set(),
): EnvironmentVerdict[] {
  return environmentInputs(platform, stacks, planned).map((input) => ({
    environment: input.environment,
    stacks: input.stacks,
    ...policies.evaluateControls(input),
  }));
}
