// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WORKFLOWS } from "../config/workflow-list";
import { sha256 } from "../sync/files/content-hash";
import { checkAutomation } from "../workflow-rules/check-automation";
import { WORKFLOWS_DIRECTORY } from "../workflow-rules/pin-table";
import type { AdjustmentContext } from "./adjustment-context";
import { type Answer, answersAlike, observed } from "./answers";
import { adjustedWorkflow } from "./workflow-adjustments";

/** A workflow that was made and checked when this package was built, and what it depends on. */
export interface PreparedWorkflow {
  readonly text: string;
  /** What each job's check is called, by the job's id. */
  readonly checks: Readonly<Record<string, string>>;
  /** What they are called in the file that the package ships. */
  readonly shippedChecks: Readonly<Record<string, string>>;
  /** Whether it breaks no rule, where its check is required (`"true"`) and where it is not. */
  readonly passes: Readonly<Record<string, boolean>>;
  /** What of the options was asked to make it. */
  readonly answers: readonly Answer[];
  /** Digest of the files that it was made from. */
  readonly from: string;
}

/** Where they are, once the package is compiled. Sources that are run have none. */
const FILE = join(__dirname, "prepared-workflows.json");

/** Makes and checks the workflows that say nothing of a repository's own environments, for options that many repositories have. */
export function prepareWorkflows(context: AdjustmentContext): Record<string, PreparedWorkflow> {
  const prepared = WORKFLOWS.map(({ id, requiredJobs }) => [id, prepare(id, requiredJobs, context)] as const);
  return Object.fromEntries(prepared.filter(([, { answers }]) => !answers.some(isOfEnvironments)));
}

function isOfEnvironments([path]: Answer): boolean {
  return path[0] === "facts" && path[1] === "environments";
}

/** What was made of a workflow, if the same would be made of it now. */
export function preparedWorkflow(
  id: string,
  { settings, facts }: AdjustmentContext,
  table: Readonly<Record<string, PreparedWorkflow | undefined>> = shippedTable(),
): PreparedWorkflow | undefined {
  const prepared = table[id];
  const isSame =
    prepared !== undefined &&
    Object.keys(settings.actionPins).length === 0 &&
    answersAlike({ settings, facts }, prepared.answers) &&
    prepared.from === sourceOf(id);
  return isSame ? prepared : undefined;
}

function prepare(
  id: string,
  requiredJobs: readonly string[] | undefined,
  { settings, facts, pins }: AdjustmentContext,
): PreparedWorkflow {
  const answers: Answer[] = [];
  const workflow = adjustedWorkflow(id, { ...observed({ settings, facts }, answers), pins });
  const text = workflow.toString();
  const passes = (required: boolean) =>
    checkAutomation(`.github/workflows/${id}.yml`, text, { pins, required, requiredJobs }).length === 0;
  return {
    text,
    checks: Object.fromEntries(workflow.jobIds().map((job) => [job, workflow.checkName(job)])),
    shippedChecks: Object.fromEntries(workflow.shippedChecks),
    passes: { true: passes(true), false: passes(false) },
    answers: [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()],
    from: sourceOf(id),
  };
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
