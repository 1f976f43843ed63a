// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isSeq, type Scalar } from "yaml";
import type { RoleRunner } from "../config/workflow-settings";
import type { AdjustmentContext } from "./adjustment-context";
import { environmentInputs } from "./environment-inputs";
import { assert, expectMap, type WorkflowDocument } from "./workflow-document";

/** What follows the name of a job in that of the job for what a private runner alone reaches. */
const PRIVATE = "-workloads";

/** The steps of a deployment that copy images, where there is a mirror to copy them to. */
const MIRROR_STEPS = ["Assume the mirror role", "Copy the images that are missing"];

/**
 * Adjust a workflow that is called for each environment: what differs between environments is an input, and what does not stands in
 * it as in any other workflow.
 *
 * @param runner of the jobs that hold a role
 */
export function adjustCalled(workflow: WorkflowDocument, context: AdjustmentContext, runner?: RoleRunner): void {
  const { accounts, audiences, githubEnvironments } = environmentInputs(context);
  if (context.settings.privateRunnerLabels === undefined) {
    withoutPrivateJobs(workflow);
  }
  for (const id of workflow.jobIds()) {
    const labels = id.endsWith(PRIVATE) ? runner?.privateLabels : runner?.labels;
    if (labels !== undefined) {
      workflow.job(id).set("runs-on", workflow.list(labels));
    }
  }
  const roles = workflow.steps().filter((step) => /^Assume the \w+ role$/.test(String(step.get("name"))));
  if (githubEnvironments) {
    const deploying = workflow.jobIds().filter((id) => workflow.job(id).has("environment"));
    if (deploying.length > 0) {
      addInput(workflow, "github-environment", "The GitHub environment that guards its roles.");
    }
    deploying.forEach((id) => workflow.job(id).set("environment", "${{ inputs.github-environment }}"));
  }
  if (accounts) {
    addInput(workflow, "account-id", "The only account whose roles are assumed; empty: that of the role.");
    roles.forEach((step) => step.setIn(["with", "allowed-account-ids"], "${{ inputs.account-id }}"));
  }
  if (audiences) {
    addInput(workflow, "audience", "Whom GitHub's token is for: AWS, or AWS in China.");
    roles.forEach((step) => step.setIn(["with", "audience"], "${{ inputs.audience }}"));
  }
  setTerraform(workflow, context);
}

/** A deployment copies images where there is a registry to copy them to. */
export function adjustMirroring(workflow: WorkflowDocument, context: AdjustmentContext): void {
  const { mirrors } = environmentInputs(context);
  const job = workflow.job("apply");
  const steps = MIRROR_STEPS.map((name) => workflow.step("apply", name));
  if (mirrors === "none") {
    steps.forEach((step) => workflow.removeStep(job, step));
    assert(workflow.document.deleteIn(["on", "workflow_call", "inputs", "mirror-role"]), "no role fills a registry");
  } else if (mirrors === "some") {
    steps.forEach((step) => workflow.insertAfter(step, "name", "if", "inputs.mirror-role != ''"));
  }
}

/** Without a private runner nothing reaches the workloads: their jobs go, and what the others say of them. */
function withoutPrivateJobs(workflow: WorkflowDocument): void {
  const gone = workflow.jobIds().filter((id) => id.endsWith(PRIVATE));
  for (const id of gone) {
    workflow.jobs.delete(id);
  }
  // What waited for the last job that plans waits for the only one.
  const plain = (text: string) =>
    gone.reduce((rest, id) => {
      const other = id.slice(0, -PRIVATE.length);
      return rest
        .replace(new RegExp(` \\|\\| jobs\\.${id}\\.outputs\\.[\\w-]+`, "g"), "")
        .replaceAll(`needs.${id}.`, `needs.${other}.`);
    }, text);
  workflow.replaceText(workflow.document.contents, plain);
  for (const id of workflow.jobIds()) {
    const job = workflow.job(id);
    const needs = job.get("needs");
    if (isSeq(needs)) {
      const ids = (needs.toJSON() as string[]).map((other) =>
        gone.includes(other) ? other.slice(0, -PRIVATE.length) : other,
      );
      job.set("needs", workflow.list([...new Set(ids)]));
    }
    for (const [part, key] of [
      ["env", "LATER_STACKS"],
      ["outputs", "deferred"],
    ] as const) {
      if (job.hasIn([part, key])) {
        job.deleteIn([part, key]);
      }
    }
  }
}

function addInput(workflow: WorkflowDocument, name: string, description: string): void {
  const inputs = expectMap(workflow.document.getIn(["on", "workflow_call", "inputs"]), `${workflow.name}: inputs`);
  const key = workflow.document.createNode(name) as Scalar;
  key.commentBefore = ` ${description}`;
  inputs.set(key, workflow.document.createNode({ type: "string", required: true }));
}

function setTerraform(workflow: WorkflowDocument, { facts, pins }: AdjustmentContext): void {
  for (const { step } of workflow.uses("hashicorp/setup-terraform")) {
    const exact = /^\d+\.\d+\.\d+$/.test(facts.terraformVersion)
      ? facts.terraformVersion
      : pins.tools.terraform?.version;
    assert(exact !== undefined, "the table of pins has no terraform");
    workflow.set(step, ["with", "terraform_version"], exact);
  }
}
