// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import { WORKFLOWS } from "../config/workflow-list";
import { controlRecords } from "../controls/control-record";
import { readForeignText } from "../foreign-file";
import { GATES } from "../gates";
import { filesOfWorkflow, workflowFile, type WorkflowRecord } from "../gates/workflow-record";
import { readLock } from "../sync/store/lock-file";
import { calledJobs } from "../workflow-rules/rule";
import { type JobView, NotAWorkflow, parseWorkflow, textOf, type WorkflowView } from "../workflow-rules/workflow-view";

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
  const views = WORKFLOWS.map((record) => [record, workflowOf(workflowFile(record), root)] as const);
  const [found] =
    views.find(([, view]) => isNamed(titleOf(view))) ??
    views.find(([, view]) => isNamed(checksOf(view, root))) ??
    views.find(([, view]) => isNamed(jobNames(view))) ??
    [];
  return found;
}

export function explainWorkflow(record: WorkflowRecord, root: string): WorkflowExplanation {
  const gate = GATES.find(({ id }) => id === record.id);
  const controls = controlRecords().filter(({ id }) => gate?.controls.includes(id));
  const checks = checksOf(workflowOf(workflowFile(record), root), root).join(", ") || "none";
  const files = [
    ...filesOfWorkflow(record).map((id) => workflowFile({ id })),
    ...(gate?.configuration.map(({ path }) => path) ?? []),
  ];
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
            ? "no option: it is always present"
            : `set workflows.${record.option} in .projenrc.ts and run "npx projen"`,
      },
    ],
  };
}

function stateOf(record: WorkflowRecord, root: string): string {
  const file = workflowFile(record);
  const entry = readLock(root).lock.files.get(file);
  if (entry?.class === "released") {
    return "released: what it runs is up to its owner";
  }
  if (!isThere(join(root, file))) {
    return entry === undefined ? "not here: the options switch it off" : 'missing; "npx projen" writes it again';
  }
  return entry === undefined ? "not generated: your own" : "generated";
}

function titleOf(workflow: WorkflowView | undefined): string[] {
  return workflow === undefined ? [] : [textOf(workflow.root, "name") ?? ""];
}

/** Names of its checks: those of its jobs, and of the jobs that it calls behind the name of the call. */
function checksOf(workflow: WorkflowView | undefined, root: string): string[] {
  const called = new Map<string, WorkflowView | undefined>();
  const workflowAt = (path: string) => {
    if (!called.has(path)) {
      called.set(path, workflowOf(path, root));
    }
    return called.get(path);
  };
  return (workflow?.jobs ?? []).flatMap((job) => {
    const inner = calledJobs(job, { workflowAt });
    return inner.length === 0 ? [nameOf(job)] : inner.map((one) => `${nameOf(job)} / ${nameOf(one)}`);
  });
}

/** A call that is skipped reports under its own name. */
function jobNames(workflow: WorkflowView | undefined): string[] {
  return workflow?.jobs.map(nameOf) ?? [];
}

function nameOf({ id, name }: JobView): string {
  return name ?? id;
}

/** The workflow as it lies on disk; undefined if it is not there, or is none. */
function workflowOf(path: string, root: string): WorkflowView | undefined {
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
