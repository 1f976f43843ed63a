// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import { WORKFLOWS } from "../config/workflow-list";
import { controlRecords } from "../controls/control-record";
import { readForeignText } from "../foreign-file";
import { GATES } from "../gates";
import { workflowFile, type WorkflowRecord } from "../gates/workflow-record";
import { readLock } from "../sync/store/lock-file";
import { NotAWorkflow, parseWorkflow, textOf, type WorkflowView } from "../workflow-rules/workflow-view";

/** What stands behind a workflow, line by line. */
export interface WorkflowExplanation {
  readonly controls: readonly string[];
  readonly lines: readonly { readonly label: string; readonly text: string }[];
}

/**
 * Finds a workflow by its id, its name, or the name of one of its checks as a pull request shows it, in any capitalization.
 *
 * @param root of the repository, whose workflow files say the names
 */
export function workflowCalled(asked: string, root: string): WorkflowRecord | undefined {
  const wanted = asked.toLowerCase();
  const isNamed = (names: readonly string[]) => names.some((name) => name.toLowerCase() === wanted);
  const byId = WORKFLOWS.find(({ id }) => isNamed([id]));
  if (byId !== undefined) {
    return byId;
  }
  const views = WORKFLOWS.map((record) => [record, workflowOf(record, root)] as const);
  const [found] =
    views.find(([, view]) => isNamed(titleOf(view))) ?? views.find(([, view]) => isNamed(checksOf(view))) ?? [];
  return found;
}

export function explainWorkflow(record: WorkflowRecord, root: string): WorkflowExplanation {
  const gate = GATES.find(({ id }) => id === record.id);
  const controls = controlRecords().filter(({ id }) => gate?.controls.includes(id));
  const checks = checksOf(workflowOf(record, root)).join(", ") || "none";
  const files = [workflowFile(record), ...(gate?.configuration.map(({ path }) => path) ?? [])];
  return {
    controls: controls.map(({ id }) => id),
    lines: [
      ...(gate === undefined ? [] : [{ label: "What", text: `${gate.tool}: ${gate.coverage}` }]),
      { label: "State", text: stateOf(record, root) },
      { label: "Checks", text: `${checks}; ${record.required ? "required before a merge" : "not required"}` },
      { label: "Fails when", text: record.failsWhen },
      ...(record.remedy === undefined ? [] : [{ label: "Remedy", text: record.remedy }]),
      {
        label: "Why",
        text: controls.map(({ id, sentence }) => `${id} ${sentence}`).join(" ") || "no control is bound to it",
      },
      { label: "Where", text: files.join(", ") },
      ...(gate === undefined ? [] : [{ label: "Try", text: `npx ray-platform gates --only ${gate.id}` }]),
      {
        label: "Change",
        text:
          record.option === undefined
            ? "no option: it is always there"
            : `set workflows.${record.option} in .projenrc.ts and run "npx projen"`,
      },
    ],
  };
}

function stateOf(record: WorkflowRecord, root: string): string {
  const file = workflowFile(record);
  const entry = readLock(root).lock.files.get(file);
  if (entry?.class === "released") {
    return "released: what it runs is its owner's";
  }
  if (!isThere(join(root, file))) {
    return entry === undefined ? "not here: the options switch it off" : 'missing; "npx projen" writes it again';
  }
  return entry === undefined ? "not generated: your own" : "generated";
}

function titleOf(workflow: WorkflowView | undefined): string[] {
  return workflow === undefined ? [] : [textOf(workflow.root, "name") ?? ""];
}

/** Names of its checks: those of its jobs. */
function checksOf(workflow: WorkflowView | undefined): string[] {
  return workflow?.jobs.map(({ id, name }) => name ?? id) ?? [];
}

/** The workflow as it lies on disk; undefined if it is not there, or is none. */
function workflowOf(record: WorkflowRecord, root: string): WorkflowView | undefined {
  const path = workflowFile(record);
  const file = join(root, path);
  if (!isThere(file)) {
    return undefined;
  }
  try {
    return parseWorkflow(path, readForeignText(file));
  } catch (error) {
    if (error instanceof NotAWorkflow) {
      return undefined;
    }
    throw error;
  }
}
