// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, type YAMLMap } from "yaml";
import type { FileSettings } from "../config/workflow-settings";
import { GATES } from "../gates";
import { FindingSeverity } from "../options/workflow-options";
import { type PinTable, repositoryOfAction } from "../workflow-rules/pin-table";
import type { AdjustmentContext } from "./adjustment-context";
import { compareBeforeInstall } from "./base-branch-install";
import { GATE_WORKFLOWS } from "./gate-workflows";
import { addHardenRunner } from "./harden-runner";
import { OPERATION_WORKFLOWS } from "./operation-workflows";
import { synthesizeApart } from "./synthesis-apart";
import { installByChecksum } from "./verified-programs";
import { assert, WorkflowDocument } from "./workflow-document";

/** The branch that the workflow files are written for. */
const PATTERN_BRANCH = "main";

/** A workflow of this package as the options want it. */
export function adjustedWorkflow(name: string, context: AdjustmentContext): WorkflowDocument {
  const workflow = WorkflowDocument.load(name);
  const adjust = GATE_WORKFLOWS[name]?.adjust ?? OPERATION_WORKFLOWS[name];
  adjust?.(workflow, context);
  setSeverity(workflow, context);
  setSchedule(workflow, context.settings.files[name] ?? {});
  synthesizeApart(workflow);
  setBranch(workflow, context.facts.defaultBranch);
  setRunner(workflow, context);
  setNode(workflow, context.facts.nodeVersion);
  compareBeforeInstall(workflow);
  if (!context.settings.codeScanning) {
    removeUploads(workflow);
  }
  setPins(workflow, context.pins);
  installByChecksum(workflow, context.pins);
  addHardenRunner(workflow, context);
  return workflow;
}

/** A gate's workflow file says the severity that is the default, in the tool's own word for it. */
function setSeverity(workflow: WorkflowDocument, { settings }: AdjustmentContext): void {
  const severity = GATES.find(({ id }) => id === workflow.name)?.severity;
  if (severity?.flag !== undefined) {
    const said = (level: FindingSeverity) => `${severity.flag} ${severity.words[level]}`;
    workflow.replaceInScripts(said(FindingSeverity.MEDIUM), said(settings.severities[workflow.name]));
  }
}

function setSchedule(workflow: WorkflowDocument, { schedule }: Partial<FileSettings>): void {
  if (schedule === undefined) {
    return;
  }
  if (schedule === "") {
    workflow.document.deleteIn(["on", "schedule"]);
  } else {
    assert(workflow.document.hasIn(["on", "schedule"]), `${workflow.name} has no schedule`);
    workflow.document.setIn(["on", "schedule", 0, "cron"], schedule);
  }
}

function setBranch(workflow: WorkflowDocument, branch: string): void {
  if (workflow.document.hasIn(["on", "push", "branches"])) {
    workflow.document.setIn(["on", "push", "branches"], workflow.list([branch]));
  }
  for (const id of workflow.jobIds()) {
    const condition = workflow.job(id).get("if", true);
    if (isScalar(condition) && typeof condition.value === "string") {
      condition.value = condition.value.replace(`'refs/heads/${PATTERN_BRANCH}'`, `'refs/heads/${branch}'`);
    }
  }
}

function setRunner(workflow: WorkflowDocument, { settings }: AdjustmentContext): void {
  for (const id of workflow.jobIds()) {
    const job = workflow.job(id);
    if (isScalar(job.get("runs-on", true))) {
      const labels = settings.runnerLabels;
      job.set("runs-on", labels.length === 1 ? labels[0] : workflow.list(labels));
    }
  }
}

function setNode(workflow: WorkflowDocument, version: string): void {
  for (const { step } of workflow.uses("actions/setup-node")) {
    workflow.set(step, ["with", "node-version"], version);
  }
}

/** Without code scanning nothing is uploaded, and nobody needs the permission for it. Summary and artifact stay. */
function removeUploads(workflow: WorkflowDocument): void {
  for (const { job, step } of workflow.uses("github/codeql-action/upload-sarif")) {
    workflow.removeStep(job, step);
  }
  for (const id of workflow.jobIds()) {
    const job = workflow.job(id);
    (job.get("permissions") as YAMLMap).delete("security-events");
  }
}

function setPins(workflow: WorkflowDocument, pins: PinTable): void {
  for (const step of workflow.steps()) {
    const uses = step.get("uses", true);
    if (isScalar(uses) && !String(uses.value).startsWith("docker://")) {
      const action = String(uses.value).split("@")[0] ?? "";
      const pin = pins.actions[repositoryOfAction(action)];
      assert(pin !== undefined, `the table of pins has no ${action}`);
      uses.value = `${action}@${pin.sha}`;
      uses.comment = ` ${pin.version}`;
    }
  }
}
