// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GATES } from "../gates";
import type { WorkflowRecord } from "../gates/workflow-record";

const build: WorkflowRecord = {
  id: "build",
  failsWhen:
    "build, synth, policies, tests or lint fail; regeneration changes a file; an exception has expired; another required check failed, was skipped or ran no step",
  remedy:
    "`npx projen build` says what is wrong; commit everything that it changes. If an exception has expired, fix the finding, or decide again and move the date. `Required checks` sums up the others: run it again when they are green.",
  required: true,
  badge: true,
  starts: ["npx", "node"],
};

/** Workflows that deploy, look after what is deployed, or report. */
const OPERATIONS: readonly WorkflowRecord[] = [
  {
    id: "terraform-plan",
    called: "terraform-plan-environment",
    option: "terraformPlan",
    failsWhen: "a plan fails, or a policy denies it; a summary is commented, with bill and controls",
    remedy:
      "The job of the environment says which stack cannot be planned, or which rule denies it and how to satisfy that. If a runner or a login failed, run the job again. If an update fails only because the base branch's scripts are older than its workflow, a notice says so: merge past this check if all others are green.",
    required: true,
    // One job sums the plans of all environments up.
    requiredJobs: ["terraform-plan"],
    badge: false,
    needs: "stacks",
    starts: ["bash"],
  },
  {
    id: "terraform-apply",
    called: "terraform-apply-environment",
    option: "terraformApply",
    failsWhen: "a plan fails, is denied, refused, or cannot be applied; one issue is opened, updated, closed",
    required: false,
    badge: false,
    needs: "stacks",
    starts: ["bash"],
  },
  {
    id: "drift-detection",
    called: "drift-detection-environment",
    option: "drift",
    failsWhen: "what is deployed differs from what is committed; one issue is opened, updated, closed",
    required: false,
    badge: false,
    needs: "stacks",
    starts: ["bash"],
  },
  {
    id: "mirror-images",
    called: "mirror-images-environment",
    option: "mirrorImages",
    failsWhen: "an image cannot be copied; only with a private registry",
    required: false,
    badge: false,
    needs: "mirror",
    starts: ["bash"],
  },
  {
    id: "upgrade",
    option: "upgrade",
    failsWhen:
      "the new version cannot be applied, or changes something that no rendering produces; otherwise a pull request is opened",
    required: false,
    badge: false,
    needsGenerator: true,
    starts: ["node"],
  },
  {
    id: "posture",
    option: "posture",
    failsWhen:
      "a control is violated, or its stacks cannot be synthesized; its page is kept, and a pull request's summary says which controls it changes",
    required: false,
    badge: false,
    needsGenerator: true,
    synthesizedFor: "the page",
    starts: ["npx", "node", "git", "npm"],
  },
  {
    id: "scorecard",
    option: "scorecard",
    failsWhen: "never: a report",
    required: false,
    badge: false,
    starts: [],
  },
];

/** Every workflow of generated repositories. */
export const WORKFLOWS: readonly WorkflowRecord[] = [build, ...GATES, ...OPERATIONS];

/** The workflows whose checks a branch waits for, in the order in which the checks are listed. */
export const REQUIRED_WORKFLOWS: readonly WorkflowRecord[] = inOrderOfChecks(
  WORKFLOWS.filter(({ required }) => required),
);

function inOrderOfChecks(records: readonly WorkflowRecord[]): WorkflowRecord[] {
  const ordered = records.filter(({ requiredAfter }) => requiredAfter === undefined);
  for (const record of records.filter(({ requiredAfter }) => requiredAfter !== undefined)) {
    ordered.splice(ordered.findIndex(({ id }) => id === record.requiredAfter) + 1, 0, record);
  }
  return ordered;
}
