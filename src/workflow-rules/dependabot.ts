// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isSeq, type YAMLMap } from "yaml";
import { readYaml } from "../bounded-yaml";
import type { WorkflowViolation } from "./rule";

/** The least number of days that a new release waits before a bot proposes it. */
export const MINIMUM_COOLDOWN_DAYS = 7;

/** Check `.github/dependabot.yml`: a cool-down on every ecosystem, and no code of strangers while resolving. */
export function checkDependabot(path: string, text: string): WorkflowViolation[] {
  const { documents, problem } = readYaml(text);
  if (problem !== undefined) {
    return [{ rule: "syntax", workflow: path, line: 1, message: problem, fix: "Write valid YAML." }];
  }
  const contents = documents[0]?.contents;
  const updates = isMap(contents) ? (contents as YAMLMap).get("updates") : undefined;
  return (isSeq(updates) ? updates.items.filter(isMap) : []).flatMap((node) => {
    const update = (node as YAMLMap).toJSON() as Record<string, unknown>;
    const place = { workflow: path, line: 1, job: String(update["package-ecosystem"]) };
    const found: WorkflowViolation[] = [];
    const days = (update.cooldown as { "default-days"?: unknown } | undefined)?.["default-days"];
    if (typeof days !== "number" || days < MINIMUM_COOLDOWN_DAYS) {
      found.push({
        ...place,
        rule: "dependabot-cooldown",
        message: "New releases are proposed on their first days.",
        fix: `Add 'cooldown: { default-days: ${MINIMUM_COOLDOWN_DAYS} }'.`,
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
