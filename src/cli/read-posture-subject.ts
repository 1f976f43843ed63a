// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { PlatformConfig } from "../config/platform-config";
import { PLATFORM_FILE } from "../controls/repository-facts";
import { environmentInputs } from "../environment/environment-inputs";
import { readGenerated, synthesizedStacks } from "../environment/synthesized-stacks";
import { isObject } from "../json-object";
import { listAt } from "../policy/json";
import { platformFacts } from "../posture/platform-facts";
import type { PostureSubject, StandingException } from "../posture/posture-subject";
import type { PostureControl } from "../reports/posture-report";
import { commitHere } from "./commit-here";

const EXCEPTIONS = ".ray-platform/exceptions.json";

/** What the page of a repository is about: its controls, its stacks, its exceptions and its commit. */
export function postureSubject(root: string, controls: readonly PostureControl[]): PostureSubject {
  const platform = readGenerated(join(root, PLATFORM_FILE)) ?? {};
  return {
    platform: platform as unknown as PlatformConfig,
    controls,
    environments: environmentInputs(platform, synthesizedStacks(root)).map(platformFacts),
    exceptions: exceptionsOf(root),
    commit: commitHere(root),
  };
}

function exceptionsOf(root: string): StandingException[] {
  const file = readGenerated(join(root, EXCEPTIONS));
  const inline = listAt(file, "inlineSuppressions")
    .filter(isObject)
    .map(({ path, ...rest }): Record<string, unknown> => ({ ...rest, id: path, option: "inline suppression" }));
  return [...listAt(file, "exceptions").filter(isObject), ...inline].map(({ option, id, reason, expires }) => ({
    option: String(option),
    id: String(id),
    reason: String(reason),
    expires: typeof expires === "string" ? expires : null,
  }));
}
