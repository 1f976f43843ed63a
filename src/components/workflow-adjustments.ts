// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import type { FileSettings, GitHubEnvironment, GitHubRepository } from "../config/workflow-settings";
import { partitionOf } from "../config/regions";
import { inVariable, readinessVariable, type RoleKind, roleVariable } from "../config/role-variables";
import { GATES } from "../gates";
import { FindingSeverity, HardenRunner, PlanComment } from "../options/workflow-options";
import { type PinTable, repositoryOfAction } from "../workflow-rules/pin-table";
import type { AdjustmentContext } from "./adjustment-context";
import { compareBeforeInstall } from "./base-branch-install";
import { GATE_WORKFLOWS } from "./gate-workflows";
import { installByChecksum } from "./verified-programs";
import { assert, expectMap, WorkflowDocument } from "./workflow-document";

/** The environment that the workflow files are written for; its jobs are the pattern for every environment's. */
const PATTERN_ENVIRONMENT = "dev";
/** The branch that the workflow files are written for. */
const PATTERN_BRANCH = "main";

/** A workflow of this package as the options want it. */
export function adjustedWorkflow(name: string, context: AdjustmentContext): WorkflowDocument {
  const workflow = WorkflowDocument.load(name);
  const adjust = GATE_WORKFLOWS[name]?.adjust ?? OPERATIONS[name];
  adjust?.(workflow, context);
  setSeverity(workflow, context);
  setSchedule(workflow, context.settings.files[name]);
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

/** What the options change in workflows that are no gates. */
const OPERATIONS: Readonly<Record<string, (workflow: WorkflowDocument, context: AdjustmentContext) => void>> = {
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
    perEnvironment(workflow, context, { plan: "plan" });
    workflow.job("comment").set("needs", workflow.list([...needsOf(workflow.job("controls")), "controls"]));
    switch (context.settings.planComment) {
      case PlanComment.NONE:
        workflow.removeJob("comment");
        workflow.removeJob("controls");
        break;
      case PlanComment.WORKFLOW_TOKEN: {
        const job = workflow.job("comment");
        workflow.removeStep(job, workflow.step("comment", "Mint a token of the GitHub App"));
        workflow.set(
          workflow.step("comment", "Write the comment, or replace the last one"),
          ["env", "GH_TOKEN"],
          "${{ github.token }}",
        );
        const permissions = expectMap(job.get("permissions"), "terraform-plan: permissions");
        grant(workflow, permissions, "pull-requests", "write the comment; this job runs no code of the pull request");
        break;
      }
    }
  },
  "terraform-apply"(workflow, context) {
    // Who compares at night plans what was merged: the same code, with the same trust.
    perEnvironment(workflow, context, { plan: "drift", apply: "apply" });
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
    perEnvironment(workflow, context, { drift: "drift" });
    workflow.job("report").set("environment", context.settings.appEnvironment);
  },
  "mirror-images"(workflow, context) {
    perEnvironment(workflow, context, { mirror: "mirror" });
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

/** What the jobs of an environment do, which their ids begin with. */
type JobPurpose = RoleKind;

/**
 * Put each environment's jobs in the place of the pattern's. A change reaches one environment after the other.
 *
 * @param roles the role that the jobs of each purpose assume
 */
function perEnvironment(
  workflow: WorkflowDocument,
  context: AdjustmentContext,
  roles: Partial<Record<JobPurpose, RoleKind>>,
): void {
  const { settings, facts, pins } = context;
  const purposeOf = (id: string): JobPurpose | undefined =>
    (Object.keys(roles) as JobPurpose[]).find((purpose) => id.startsWith(`${purpose}-${PATTERN_ENVIRONMENT}`));
  const patterns = workflow.jobIds().flatMap((id) => {
    const purpose = purposeOf(id);
    return purpose === undefined ? [] : [{ pattern: id, purpose, kind: roles[purpose] as RoleKind }];
  });
  const deploys = roles.apply !== undefined;
  const made: MadeJob[] = [];
  let previous: string | undefined;
  for (const environment of facts.environments.filter(({ mirrored }) => roles.mirror === undefined || mirrored)) {
    let planned: string | undefined;
    for (const { pattern, purpose, kind } of patterns) {
      const isPrivate = pattern.endsWith("-workloads");
      const stacks = environment.stacks.filter((stack) => (stack === "workloads") === isPrivate);
      if (kind !== "mirror" && (stacks.length === 0 || (isPrivate && settings.privateRunnerLabels === undefined))) {
        continue;
      }
      const id = pattern.replace(PATTERN_ENVIRONMENT, environment.name);
      const node = workflow.job(pattern).clone() as YAMLMap;
      workflow.replaceText(node, (text) => forEnvironment(text, environment));
      setReadiness(node, environment, kind);
      if (kind !== "mirror") {
        // Bootstrap is applied by an administrator alone: somebody has to say when that was forgotten.
        const bootstrap = purpose === "drift" && !isPrivate ? ["bootstrap"] : [];
        const text = [...bootstrap, ...stacks].join(" ");
        // The job before says what is left to delete; without one nothing is.
        const before =
          kind === "apply" && isPrivate && made.at(-1)?.environment === environment ? made.at(-1) : undefined;
        node.setIn(
          ["env", "STACKS"],
          before === undefined ? text : `\${{ needs.${before.id}.outputs.deferred }} ${text}`,
        );
        const later = environment.stacks.includes("workloads") && settings.privateRunnerLabels !== undefined;
        if (!later) {
          node.deleteIn(["env", "LATER_STACKS"]);
        }
        if (kind === "apply" && !isPrivate && !later) {
          node.deleteIn(["outputs", "deferred"]);
        }
      }
      // What plans before a deployment is as trusted as the deployment.
      const runner = purpose === "mirror" ? undefined : settings.roleRunners[deploys ? "apply" : purpose];
      const labels = isPrivate ? runner?.privateLabels : runner?.labels;
      if (labels !== undefined) {
        node.set("runs-on", workflow.list(labels));
      }
      if (kind === "apply") {
        if (environment.mirrored && settings.files["mirror-images"].enabled) {
          const variable = readinessVariable("mirror", environment);
          const condition = node.get("if", true) as Scalar<string>;
          if (!condition.value.includes(`vars.${variable} `)) {
            condition.value = condition.value.replace(/ \}\}$/, ` && vars.${variable} != '' }}`);
          }
        }
        applyApproved(node, environment, planned as string);
      }
      if (deploys) {
        const needs = [
          ...(purpose === "apply" ? [planned as string] : []),
          ...(previous === undefined ? [] : [previous]),
        ];
        if (needs.length === 0) {
          node.delete("needs");
        } else {
          node.set("needs", workflow.list([...new Set(needs)]));
        }
        if (isPrivate && purpose === "plan") {
          node.setIn(["env", "AFTER"], `\${{ needs.${planned}.outputs.digest }}`);
        }
        previous = id;
        planned = purpose === "plan" ? id : planned;
      }
      if (node.has("environment")) {
        node.set("environment", environment.githubEnvironment ?? environment.name);
      }
      setRole(workflow, node, environment, kind);
      if (kind === "apply" && !isPrivate) {
        if (environment.mirrored && settings.files["mirror-images"].enabled) {
          setRole(workflow, node, environment, "mirror");
        } else {
          MIRROR_STEPS.forEach((name) => workflow.removeStep(node, stepOf(node, name)));
        }
      }
      setTerraform(workflow, node, facts, pins);
      made.push({ id, node, environment });
    }
  }
  const isPattern = (item: (typeof workflow.jobs.items)[number]) =>
    patterns.some(({ pattern }) => pattern === keyOf(item));
  const first = workflow.jobs.items.findIndex(isPattern);
  const items = workflow.jobs.items.filter((item) => !isPattern(item));
  items.splice(
    first,
    0,
    ...made.map(({ id, node }) => workflow.document.createPair(id, node) as (typeof items)[number]),
  );
  workflow.jobs.items = items.map((item, index) => {
    const key = workflow.document.createNode(keyOf(item)) as Scalar;
    key.spaceBefore = index > 0;
    return Object.assign(item, { key });
  });
  listReadiness(workflow, made, context);
  for (const item of items.filter((one) => !made.some(({ id }) => id === keyOf(one)))) {
    const needs = (item.value as YAMLMap).get("needs");
    if (isSeq(needs)) {
      (item.value as YAMLMap).set("needs", workflow.list(made.map(({ id }) => id)));
    }
  }
}

/**
 * What a job deploys, and when: in production what a person names, who has read it; elsewhere what the jobs before have planned.
 * Where roles of an earlier version cannot save plans, production is deployed as before.
 *
 * @param planned the last job that plans the environment
 */
function applyApproved(job: YAMLMap, { name, production }: GitHubEnvironment, planned: string): void {
  const condition = job.get("if", true) as Scalar<string>;
  const waits = /inputs\.plan == '' && needs\.[\w-]+\.result == 'success'/;
  assert(waits.test(condition.value), "the jobs that deploy do not ask for a plan");
  condition.value = condition.value.replace(
    waits,
    production
      ? `(startsWith(inputs.plan, '${name}:') || needs.${planned}.outputs.unsaved == 'true')`
      : `inputs.plan == '' && needs.${planned}.result == 'success'`,
  );
  job.setIn(["env", "APPROVED_PLAN"], production ? "${{ inputs.plan }}" : `\${{ needs.${planned}.outputs.plan }}`);
}

/** The pattern environment's name, in the three forms in which it stands in the files. */
function forEnvironment(text: string, environment: GitHubEnvironment): string {
  return text.replace(/\bdev\b/g, environment.name).replace(/_DEV\b/g, `_${inVariable(environment.name)}`);
}

/** A job of an environment. */
interface MadeJob {
  readonly id: string;
  readonly node: YAMLMap;
  readonly environment: GitHubEnvironment;
}

function keyOf(item: { readonly key: unknown }): string {
  return String(isScalar(item.key) ? item.key.value : item.key);
}

/** Ids of the jobs that a job waits for. */
function needsOf(job: YAMLMap): string[] {
  const needs = job.get("needs");
  assert(isSeq(needs), "a job waits for others, in a list");
  return needs.toJSON() as string[];
}

/** A job waits for the variable that says that its environment is bootstrapped. */
function setReadiness(job: YAMLMap, environment: GitHubEnvironment, kind: RoleKind): void {
  const condition = job.get("if", true);
  assert(
    isScalar(condition) && String(condition.value).includes(`vars.${roleVariable(kind, environment.name)} `),
    `the ${kind} jobs do not ask whether the environment is set up`,
  );
  condition.value = String(condition.value).replace(
    `vars.${roleVariable(kind, environment.name)} `,
    `vars.${readinessVariable(kind, environment)} `,
  );
}

/** The steps that say what is not set up get the variables of every environment. */
function listReadiness(workflow: WorkflowDocument, made: readonly MadeJob[], { settings }: AdjustmentContext): void {
  const environments = [...new Set(made.map(({ environment }) => environment))];
  const mirrors = settings.files["mirror-images"].enabled;
  for (const step of workflow.steps().filter((item) => item.get("name") === READINESS_STEP)) {
    const env = expectMap(step.get("env"), `${workflow.name}: ${READINESS_STEP}`);
    const patterns = String(env.get("VARIABLES")).split(" ");
    const names = patterns.flatMap((pattern) => {
      const kind = /^AWS_([A-Z]+)_ROLE_ARN_DEV$/.exec(pattern)?.[1]?.toLowerCase() as RoleKind | undefined;
      return kind === undefined
        ? [pattern]
        : environments
            .filter(({ mirrored }) => kind !== "mirror" || (mirrored && mirrors))
            .map((environment) => readinessVariable(kind, environment));
    });
    patterns.forEach((pattern) => env.delete(pattern));
    env.set("VARIABLES", [...new Set(names)].join(" "));
    for (const name of new Set(names)) {
      env.set(name, `\${{ vars.${name} }}`);
    }
  }
  for (const step of workflow.steps().filter((item) => item.hasIn(["env", "READY"]))) {
    const ready = environments.map((environment) => {
      const jobs = made.filter((job) => job.environment === environment).map(({ id }) => id);
      return `\${{ vars.${readinessVariable("plan", environment)} != '' && '${jobs.join(" ")}' || '' }}`;
    });
    step.setIn(["env", "READY"], ready.join(" "));
  }
}

const READINESS_STEP = "Say what is not set up";

/** The steps of a deployment that copy images, where there is a mirror to copy them to. */
const MIRROR_STEPS = ["Assume the mirror role", "Copy the images that are missing"];

function stepOf(job: YAMLMap, name: string): YAMLMap {
  const step = (job.get("steps") as { items: YAMLMap[] }).items.find((item) => item.get("name") === name);
  assert(step !== undefined, `no step is called "${name}"`);
  return step;
}

function setRole(workflow: WorkflowDocument, job: YAMLMap, environment: GitHubEnvironment, kind: RoleKind): void {
  const step = stepOf(job, `Assume the ${kind} role`);
  const inputs = expectMap(step.get("with"), `${workflow.name}: inputs of the ${kind} role`);
  inputs.set("aws-region", environment.region);
  const role = environment.roles[kind];
  if (environment.accountId !== undefined) {
    inputs.set("role-to-assume", `arn:${partitionOf(environment.region)}:iam::${environment.accountId}:role/${role}`);
    inputs.set("allowed-account-ids", quoted(workflow, environment.accountId));
  }
  if (environment.region.startsWith("cn-")) {
    inputs.set("audience", "sts.amazonaws.com.cn");
  }
}

function setTerraform(workflow: WorkflowDocument, job: YAMLMap, facts: GitHubRepository, pins: PinTable): void {
  for (const step of (job.get("steps") as { items: YAMLMap[] }).items) {
    if (String(step.get("uses") ?? "").startsWith("hashicorp/setup-terraform@")) {
      const exact = /^\d+\.\d+\.\d+$/.test(facts.terraformVersion)
        ? facts.terraformVersion
        : pins.tools.terraform?.version;
      assert(exact !== undefined, "the table of pins has no terraform");
      workflow.set(step, ["with", "terraform_version"], exact);
    }
  }
}

function quoted(workflow: WorkflowDocument, text: string): Scalar {
  const scalar = workflow.document.createNode(text) as Scalar;
  scalar.type = "QUOTE_DOUBLE";
  return scalar;
}

/** Grant write access to a scope, and say why. */
function grant(workflow: WorkflowDocument, permissions: YAMLMap, scope: string, reason: string): void {
  const level = workflow.document.createNode("write") as Scalar;
  level.comment = ` ${reason}`;
  permissions.flow = false; // a comment needs a line of its own
  permissions.set(scope, level);
}

/** A gate's workflow file says the severity that is the default, in the tool's own word for it. */
function setSeverity(workflow: WorkflowDocument, { settings }: AdjustmentContext): void {
  const severity = GATES.find(({ id }) => id === workflow.name)?.severity;
  if (severity?.flag !== undefined) {
    const said = (level: FindingSeverity) => `${severity.flag} ${severity.words[level]}`;
    workflow.replaceInScripts(said(FindingSeverity.MEDIUM), said(settings.severities[workflow.name]));
  }
}

function setSchedule(workflow: WorkflowDocument, { schedule }: FileSettings): void {
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

/**
 * At its pinned version harden-runner goes on with an audit when GitHub's cache does not answer, and installs nothing in a
 * private repository without its paid tier. Its agent's configuration tells what it came to.
 */
const NETWORK_CHECK = {
  name: "Refuse a network that is not blocked",
  run: `set -euo pipefail
if ! grep --quiet '"egress_policy":"block"' /home/agent/agent.json || [[ ! -e /home/agent/agent.status ]]; then
  echo "::error::harden-runner does not block this job's network; its log above says why."
  exit 1
fi
`,
};

function addHardenRunner(workflow: WorkflowDocument, { settings, pins }: AdjustmentContext): void {
  if (settings.hardenRunner === HardenRunner.OFF) {
    return;
  }
  const action = "step-security/harden-runner";
  const pin = pins.actions[action];
  assert(pin !== undefined, `the table of pins has no ${action}`);
  for (const id of workflow.jobIds()) {
    const job = workflow.job(id);
    const labels = job.get("runs-on");
    const steps = job.get("steps");
    // It needs root on the machine; a private runner's network is the owner's to watch.
    if (
      !isSeq(steps) ||
      (isSeq(labels) && labels.items.some((label) => isScalar(label) && label.value === "self-hosted"))
    ) {
      continue;
    }
    const step = workflow.document.createNode({
      name: "Watch the runner's network",
      uses: `${action}@${pin.sha}`,
      with: {
        "egress-policy": settings.hardenRunner,
        ...(settings.hardenRunner === HardenRunner.BLOCK
          ? { "allowed-endpoints": settings.hardenRunnerEndpoints.join(" ") }
          : {}),
      },
    }) as YAMLMap;
    (step.get("uses", true) as Scalar).comment = ` ${pin.version}`;
    // scorecard.dev takes no results of a job with a script.
    const mayCheck = !(workflow.name === "scorecard" && settings.publishScorecard);
    const isBlocking = settings.hardenRunner === HardenRunner.BLOCK && mayCheck;
    steps.items.unshift(step, ...(isBlocking ? [workflow.document.createNode(NETWORK_CHECK)] : []));
  }
}
