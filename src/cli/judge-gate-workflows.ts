// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import { readForeignText } from "../foreign-file";
import { GATES } from "../gates";
import type { GateRecord } from "../gates/gate-record";
import { workflowFile } from "../gates/workflow-record";
import { isObject, objectOf } from "../json-object";
import type { Judgement } from "../policy/judgement";
import { parseYamlText } from "../policy/parse-documents";
import type { Violation } from "../policy/violation";
import { portableRelative } from "../portable-path";
import { leftOutOfCheckout } from "../sync/comparison/sparse-checkout";
import type { Lock } from "../sync/store/lock-file";

/** The rule, as findings name it. */
export const GATE_RULE = "workflow/gate";

/**
 * Judges the workflows of the gates that the options ask for, as they lie on disk: one that runs nothing for a pull request is
 * denied, and one that is released is named, since what it runs is its owner's.
 *
 * @param root of the repository
 * @param cwd that findings name files from
 * @param lock names the workflows that were generated or released; a gate without one is switched off
 */
export function judgeGateWorkflows(root: string, cwd: string, lock: Lock): Judgement[] {
  return GATES.flatMap((gate): Judgement[] => {
    const file = workflowFile(gate);
    const entry = lock.files.get(file);
    const path = join(root, file);
    if (entry === undefined || (!isThere(path) && leftOutOfCheckout(root, [file]).has(file))) {
      return [];
    }
    const shown = portableRelative(cwd, path);
    const problem = idleness(path);
    if (problem !== undefined) {
      const way = `Take ${file} out of the option release and run "npx projen"`;
      const fix = `${way}, or say workflows.${gate.option}: { enabled: false }.`;
      return [{ file: shown, deny: [violation(gate, file, problem, fix)], warn: [] }];
    }
    return entry.class === "released"
      ? [{ file: shown, deny: [], warn: [violation(gate, file, RELEASED, RETURN)] }]
      : [];
  });
}

const RELEASED = "is released: what it runs is up to its owner, and was not tried";
const RETURN = 'Take it out of the option release and run "npx projen" to have the generated gate again.';

function violation({ tool, controls }: GateRecord, path: string, problem: string, fix: string): Violation {
  const claimed = controls.length > 0 ? ` (${controls.join(", ")})` : "";
  return {
    id: GATE_RULE,
    resource: tool,
    path,
    value: null,
    limit: null,
    msg: `${tool}${claimed}: its workflow ${problem}`,
    fix,
  };
}

/** Why a workflow does nothing for a pull request; undefined if it does something. */
function idleness(file: string): string | undefined {
  if (!isThere(file)) {
    return "is missing, so the gate runs nothing";
  }
  const [workflow] = parseYamlText(readForeignText(file)) ?? [];
  if (!isObject(workflow) || !Object.values(objectOf(workflow.jobs)).some(runsSomething)) {
    return "has no job with steps, so the gate runs nothing";
  }
  // YAML 1.1 reads the key `on` as true.
  return isStartedByPullRequests(workflow.on ?? workflow.true)
    ? undefined
    : "is not started by pull requests, so it stops none";
}

/** A job with steps, or with a workflow that it calls; one that is switched off has neither. */
function runsSomething(job: unknown): boolean {
  if (!isObject(job) || /^(?:\$\{\{\s*)?false(?:\s*\}\})?$/.test(String(job.if).trim())) {
    return false;
  }
  return typeof job.uses === "string" || (Array.isArray(job.steps) && job.steps.length > 0);
}

function isStartedByPullRequests(on: unknown): boolean {
  const events = typeof on === "string" ? [on] : Array.isArray(on) ? on : isObject(on) ? Object.keys(on) : [];
  return events.includes("pull_request");
}
