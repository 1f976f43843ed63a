// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import type { GitHubEnvironment, GitHubRepository } from "../config/github-repository";
import { partitionOf } from "../config/regions";
import { inVariable, readinessVariable, type RoleKind, roleVariable } from "../config/role-variables";
import type { PinTable } from "../workflow-rules/pin-table";
import type { AdjustmentContext } from "./adjustment-context";
import { assert, expectMap, type WorkflowDocument } from "./workflow-document";

/** The environment that the workflow files are written for; its jobs are the pattern for every environment's. */
const PATTERN_ENVIRONMENT = "dev";

/** What the jobs of an environment do, which their ids begin with. */
type JobPurpose = RoleKind;

/**
 * Put each environment's jobs in the place of the pattern's. A change reaches one environment after the other.
 *
 * @param roles the role that the jobs of each purpose assume
 */
export function perEnvironment(
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
      const others = (needs.toJSON() as string[]).filter((id) => purposeOf(id) === undefined);
      (item.value as YAMLMap).set("needs", workflow.list([...made.map(({ id }) => id), ...others]));
    }
    setReadinessOfAny(item.value as YAMLMap, facts.environments);
  }
}

/** A job of all environments that waits for the pattern's variable waits for that of any. */
function setReadinessOfAny(job: YAMLMap, environments: readonly GitHubEnvironment[]): void {
  const condition = job.get("if", true);
  const pattern = `(vars.${roleVariable("plan", PATTERN_ENVIRONMENT)} != '')`;
  if (isScalar(condition) && typeof condition.value === "string") {
    const ready = environments.map((environment) => `vars.${readinessVariable("plan", environment)} != ''`);
    condition.value = condition.value.replace(pattern, `(${[...new Set(ready)].join(" || ")})`);
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
