// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Scalar, YAMLMap } from "yaml";
import { PlanComment } from "../options/workflow-options";
import type { AdjustmentContext } from "./adjustment-context";
import { adjustCalled, adjustMirroring } from "./called-workflows";
import { callForEnvironments } from "./environment-calls";
import { assert, expectMap, type WorkflowDocument } from "./workflow-document";

/** What the options change in the workflows that are not gates, by id. */
export const OPERATION_WORKFLOWS: Readonly<
  Record<string, (workflow: WorkflowDocument, context: AdjustmentContext) => void>
> = {
  scorecard(workflow, { settings, pins }) {
    const measure = workflow.step("scorecard", "Measure");
    if (!settings.publishScorecard) {
      // The action names its image by a tag. Its image takes the same inputs, whose defaults are the action's to give.
      const pin = pins.actions["ossf/scorecard-action"];
      assert(pin?.image !== undefined, "the table of pins has no image of Scorecard");
      const uses = measure.get("uses", true) as Scalar;
      uses.value = `docker://${pin.image}`;
      uses.comment = ` ${pin.version}`;
      for (const [input, value] of Object.entries({
        file_mode: "archive",
        repo_token: "${{ github.token }}",
        internal_default_token: "${{ github.token }}",
      })) {
        workflow.set(measure, ["with", input], value);
      }
    } else {
      // scorecard.dev takes results of the action alone.
      workflow.set(measure, ["with", "publish_results"], true);
      const permissions = expectMap(workflow.job("scorecard").get("permissions"), "scorecard: permissions");
      // scorecard.dev refuses results of a workflow with defaults or scripts of its own.
      workflow.document.delete("defaults");
      workflow.removeStep(workflow.job("scorecard"), workflow.step("scorecard", "Summarize the findings"));
      grant(workflow, permissions, "id-token", "sign the published result");
    }
  },
  "terraform-plan"(workflow, context) {
    callForEnvironments(workflow, context, ["plan"]);
    switch (context.settings.planComment) {
      case PlanComment.NONE:
        workflow.removeJob("comment");
        workflow.removeJob("controls");
        break;
      case PlanComment.WORKFLOW_TOKEN: {
        const job = workflow.job("comment");
        for (const name of ["Ask whether the App's key can be read", "Mint a token of the GitHub App"]) {
          workflow.removeStep(job, workflow.step("comment", name));
        }
        const write = workflow.step("comment", "Write the comment, or replace the last one");
        write.delete("if");
        workflow.set(write, ["env", "GH_TOKEN"], "${{ github.token }}");
        const permissions = expectMap(job.get("permissions"), "terraform-plan: permissions");
        grant(workflow, permissions, "pull-requests", "write the comment; this job runs no code of the pull request");
        break;
      }
      case PlanComment.APP:
        waitForApp(workflow);
    }
  },
  "terraform-apply"(workflow, context) {
    // Who compares at night plans what was merged: the same code, with the same trust.
    callForEnvironments(workflow, context, ["drift", "apply", "mirror"]);
    workflow.set(
      workflow.step("readiness", "Refuse a plan of no production environment"),
      ["env", "PRODUCTION"],
      context.facts.environments
        .filter(({ production }) => production)
        .map(({ name }) => name)
        .join(" "),
    );
    if (!context.settings.applyOnPush) {
      assert(workflow.document.deleteIn(["on", "push"]), "terraform-apply has no push trigger");
    }
  },
  "drift-detection"(workflow, context) {
    callForEnvironments(workflow, context, ["drift"]);
    workflow.job("report").set("environment", context.settings.appEnvironment);
  },
  "mirror-images"(workflow, context) {
    callForEnvironments(workflow, context, ["mirror"]);
  },
  "terraform-plan-environment"(workflow, context) {
    adjustCalled(workflow, context, context.settings.roleRunners.plan);
  },
  "terraform-apply-environment"(workflow, context) {
    // What plans before a deployment is as trusted as the deployment.
    adjustCalled(workflow, context, context.settings.roleRunners.apply);
    adjustMirroring(workflow, context);
  },
  "drift-detection-environment"(workflow, context) {
    adjustCalled(workflow, context, context.settings.roleRunners.drift);
  },
  "mirror-images-environment"(workflow, context) {
    adjustCalled(workflow, context);
  },
  upgrade(workflow, { settings, facts }) {
    workflow.job("propose").set("environment", settings.appEnvironment);
    workflow.set(
      workflow.step("readiness", "Say which versions have cooled down"),
      ["env", "COOLDOWN_DAYS"],
      settings.upgradeCooldownDays,
    );
    workflow.set(
      workflow.step("verify", "Judge the update, verify what was published, and render again"),
      ["env", "REGISTRIES_WITHOUT_SIGNATURES"],
      settings.registriesWithoutSignatures.join(" "),
    );
    workflow.set(
      workflow.step("propose", "Push the branch and open the pull request"),
      ["env", "BASE"],
      facts.defaultBranch,
    );
  },
};

/** Until the App is registered, it cannot comment; the run says so. */
function waitForApp(workflow: WorkflowDocument): void {
  const condition = workflow.job("comment").get("if", true) as Scalar<string>;
  condition.value = condition.value.replace(" }}", " && vars.APP_ID != '' }}");
  assert(condition.value.includes("vars.APP_ID"), "the comment's condition is no expression");
  const env = expectMap(workflow.step("terraform-plan", "Say what is not set up").get("env"), "terraform-plan: env");
  env.set("VARIABLES", `${env.get("VARIABLES")} APP_ID`);
  env.set("APP_ID", "${{ vars.APP_ID }}");
}

/** Grant write access to a scope, and say why. */
function grant(workflow: WorkflowDocument, permissions: YAMLMap, scope: string, reason: string): void {
  const level = workflow.document.createNode("write") as Scalar;
  level.comment = ` ${reason}`;
  permissions.flow = false; // a comment needs a line of its own
  permissions.set(scope, level);
}
