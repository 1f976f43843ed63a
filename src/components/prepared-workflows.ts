// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WORKFLOWS } from "../config/workflow-list";
import { filesOfWorkflow, workflowFile, type WorkflowRecord } from "../gates/workflow-record";
import { sha256 } from "../sync/files/content-hash";
import { checkAutomation } from "../workflow-rules/check-automation";
import { WORKFLOWS_DIRECTORY } from "../workflow-rules/pin-table";
import { parseWorkflow, type WorkflowView } from "../workflow-rules/workflow-view";
import type { AdjustmentContext } from "./adjustment-context";
import { type Answer, answersAlike, observed } from "./answers";
import { environmentInputs } from "./environment-inputs";
import { adjustedWorkflow } from "./workflow-adjustments";

/** A workflow that was made and checked when this package was built, and what it depends on. */
export interface PreparedWorkflow {
  readonly text: string;
  /** What each job's check is called, by the job's id. */
  readonly checks: Readonly<Record<string, string>>;
  /** What they are called in the file that the package ships. */
  readonly shippedChecks: Readonly<Record<string, string>>;
  /** Whether it breaks no rule, with what it calls, where its check is required (`"true"`) and where it is not. */
  readonly passes: Readonly<Record<string, boolean>>;
  /** What of the options was asked to make it. */
  readonly answers: readonly Answer[];
  /** Digest of the files that it was made from. */
  readonly from: string;
}

/** Where they are, once the package is compiled. Sources that are run have none. */
const FILE = join(__dirname, "prepared-workflows.json");

/** Makes and checks the workflows, for options that many repositories have. */
export function prepareWorkflows(context: AdjustmentContext): Record<string, PreparedWorkflow> {
  return Object.fromEntries(
    WORKFLOWS.flatMap((record) => filesOfWorkflow(record).map((name) => [name, prepare(name, record, context)])),
  );
}

/** What was made of a workflow, if the same would be made of it now. */
export function preparedWorkflow(
  id: string,
  context: AdjustmentContext,
  table: Readonly<Record<string, PreparedWorkflow | undefined>> = shippedTable(),
): PreparedWorkflow | undefined {
  const prepared = table[id];
  const isSame =
    prepared !== undefined &&
    Object.keys(context.settings.actionPins).length === 0 &&
    answersAlike(observable(context), prepared.answers) &&
    prepared.from === sourceOf(id);
  return isSame ? prepared : undefined;
}

/** What a workflow may be made of, beside the package's own files. */
function observable(context: AdjustmentContext): Omit<AdjustmentContext, "pins"> {
  const { settings, facts } = context;
  return { settings, facts, inputs: environmentInputs(context) };
}

function prepare(
  name: string,
  { id, called, requiredJobs }: WorkflowRecord,
  context: AdjustmentContext,
): PreparedWorkflow {
  const { pins } = context;
  const answers: Answer[] = [];
  const workflow = adjustedWorkflow(name, { ...observed(observable(context), answers), pins });
  const text = workflow.toString();
  const calls = name === id && called !== undefined ? calledView(called, context) : undefined;
  const workflowAt = calls === undefined ? undefined : (path: string) => (path === calls.path ? calls : undefined);
  const passes = (required: boolean) =>
    checkAutomation(workflowFile({ id: name }), text, { pins, required, requiredJobs, workflowAt }).length === 0;
  return {
    text,
    checks: Object.fromEntries(workflow.jobIds().map((job) => [job, workflow.checkName(job)])),
    shippedChecks: Object.fromEntries(workflow.shippedChecks),
    passes: { true: passes(true), false: passes(false) },
    answers: [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()],
    from: sourceOf(name),
  };
}

function calledView(name: string, context: AdjustmentContext): WorkflowView {
  return parseWorkflow(workflowFile({ id: name }), adjustedWorkflow(name, context).toString());
}

let shipped: Readonly<Record<string, PreparedWorkflow>> | undefined;

/** Loaded as a module, it is among what a kept rendering is compared by. */
function shippedTable(): Readonly<Record<string, PreparedWorkflow>> {
  if (shipped === undefined) {
    try {
      shipped = require(FILE) as Record<string, PreparedWorkflow>;
    } catch {
      shipped = {};
    }
  }
  return shipped;
}

function sourceOf(id: string): string {
  return sha256(Buffer.concat([`${id}.yml`, "pins.json"].map((name) => readFileSync(join(WORKFLOWS_DIRECTORY, name)))));
}
