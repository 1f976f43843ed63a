// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readYaml } from "../bounded-yaml";
import { isObject } from "../json-object";
import type { WorkflowViolation } from "./rule";

/** The least number of days that a new release waits before a bot proposes it. */
export const MINIMUM_COOLDOWN_DAYS = 7;

/** Check `.github/dependabot.yml`: a cool-down on every ecosystem, and no code of strangers while resolving. */
export function checkDependabot(path: string, text: string): WorkflowViolation[] {
  const { documents, problem } = readYaml(text);
  const broken = (message: string): WorkflowViolation[] => [
    { rule: "syntax", workflow: path, line: 1, message, fix: "Write valid YAML." },
  ];
  if (problem !== undefined) {
    return broken(problem);
  }
  let contents: unknown;
  try {
    // What an alias stands for counts.
    contents = documents[0]?.toJS();
  } catch (error) {
    return broken((error as Error).message);
  }
  const updates = isObject(contents) && Array.isArray(contents.updates) ? contents.updates : [];
  return updates.filter(isObject).flatMap((update) => {
    const place = { workflow: path, line: 1, job: String(update["package-ecosystem"]) };
    const found: WorkflowViolation[] = [];
    if (!waits(update.cooldown)) {
      found.push({
        ...place,
        rule: "dependabot-cooldown",
        message: "Some or all releases are proposed before they are seven days old.",
        fix: `Write 'cooldown: { default-days: ${MINIMUM_COOLDOWN_DAYS} }' without exceptions.`,
      });
    }
    if (update["insecure-external-code-execution"] === "allow") {
      found.push({
        ...place,
        rule: "dependabot-execution",
        message: "Resolving dependencies may run their code.",
        fix: "Take 'insecure-external-code-execution' away.",
      });
    }
    return found;
  });
}

/** Whether a cool-down holds for every release: none of its kinds waits for less, and no package is left out. */
function waits(cooldown: unknown): boolean {
  if (!isObject(cooldown)) {
    return false;
  }
  const { include, exclude, ...days } = cooldown;
  const isEvery = include === undefined || (Array.isArray(include) && include.includes("*"));
  const isLongEnough = (value: unknown) => typeof value === "number" && value >= MINIMUM_COOLDOWN_DAYS;
  return (
    isLongEnough(days["default-days"]) &&
    Object.values(days).every(isLongEnough) &&
    isEvery &&
    (exclude === undefined || (Array.isArray(exclude) && exclude.length === 0))
  );
}
