// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isFileThere } from "../file-presence";
import { GATES } from "../gates";
import { workflowFile } from "../gates/workflow-record";
import type { PolicyReport } from "../reports/policy-report";
import type { PostureControl } from "../reports/posture-report";
import { type ControlRecord, controlRecords } from "../controls/control-record";
import { statedControl } from "../controls/control-state";
import { pipelineOf, platformOf } from "../controls/repository-facts";
import { readForeignText } from "../foreign-file";
import { inspect } from "../sync/comparison/inspect";
import { CommandError } from "./command-error";
import { GATE_RULE } from "./judge-gate-workflows";

/**
 * What the controls of a repository come to, as it lies on disk: by its options, by what the policies say of what it
 * synthesizes, and by whether the files that carry a control out are those that were generated.
 */
export function postureOf(root: string, verdict: PolicyReport): PostureControl[] {
  const platform = platformOf(root);
  if (platform === undefined) {
    throw new CommandError(
      'there is no src/platform/platform.json here: run this in a generated repository, after "npx projen build"',
    );
  }
  const judged = new Set(verdict.coverage?.environments?.map(({ environment }) => environment));
  const missing = platform.environments.map(({ name }) => name).filter((name) => !judged.has(name));
  if (missing.length > 0) {
    throw new CommandError(
      `no stack of ${missing.join(", ")} is synthesized, so nothing is proven: run "npx projen synth"`,
    );
  }
  const pipeline = pipelineOf(root);
  const changed = changedFiles(root);
  return controlRecords().map((record) => {
    const statements = statedControl(record, platform.environments, pipeline);
    const violations = violationsOf(record, verdict);
    const changedHere = [...filesOf(record)].filter((file) => changed.has(file));
    return {
      id: record.id,
      state: stateOf(record, statements, violations.length > 0, changedHere.length > 0),
      statements,
      rules: record.rules,
      evidence: violations.length > 0 ? violations : whereStated(record, root, changedHere),
    };
  });
}

function stateOf(
  record: ControlRecord,
  statements: ReturnType<typeof statedControl>,
  isViolated: boolean,
  isChanged: boolean,
): string {
  if (isViolated) {
    return "violated";
  }
  const [first] = statements;
  if (statements.every(({ state }) => state === "absent" || state === "delegated")) {
    return first?.state ?? "absent";
  }
  if (record.rules.length > 0) {
    return "proven";
  }
  if (isChanged) {
    return "released";
  }
  // A generated workflow that nobody changed is what the workflow rules of the package have seen.
  return record.tested === "workflows" ? "proven" : "unproven";
}

/** Files that carry a control out: a gate's workflow stands for the directory of workflows. */
function filesOf({ id, implemented }: ControlRecord): Set<string> {
  const gates = GATES.filter(({ controls }) => controls.includes(id));
  return new Set(
    implemented.flatMap((path) => (path === ".github/workflows/" && gates.length > 0 ? gates.map(workflowFile) : path)),
  );
}

/** Files that are no longer what ray-platform generated: edited, missing or released. */
function changedFiles(root: string): Set<string> {
  return new Set(
    inspect(root)
      .files.filter((file) => file.class === "released" || (file.class === "managed" && file.disk !== "same"))
      .map(({ path }) => path),
  );
}

/** What the policies deny of a control: by its rules, or since a gate that carries it out runs nothing. */
function violationsOf(
  { id: control, rules }: ControlRecord,
  { files }: PolicyReport,
): PostureControl["evidence"][number][] {
  const workflows = GATES.filter(({ controls }) => controls.includes(control)).map(workflowFile);
  return files.flatMap(({ file, deny }) =>
    deny
      .filter(({ id }) => rules.includes(id) || (id === GATE_RULE && workflows.includes(file)))
      .map(({ line, resource, msg }) => ({ file, ...(line === undefined ? {} : { line }), resource, problem: msg })),
  );
}

/** Where a control is carried out: the line that names it, or the beginning of the file. */
function whereStated(
  record: ControlRecord,
  root: string,
  changed: readonly string[],
): PostureControl["evidence"][number][] {
  return [...filesOf(record)]
    .filter((file) => isFileThere(join(root, file)))
    .map((file) => {
      const index = readForeignText(join(root, file))
        .split("\n")
        .findIndex((line) => line.includes(record.id));
      return {
        file,
        line: Math.max(0, index) + 1,
        ...(changed.includes(file) ? { problem: "no longer what ray-platform generated" } : {}),
      };
    });
}
