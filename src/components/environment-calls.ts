// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import { partitionOf } from "../config/regions";
import { inVariable, readinessVariable, type RoleKind, roleVariable } from "../config/role-variables";
import type { GitHubEnvironment } from "../config/github-repository";
import type { AdjustmentContext } from "./adjustment-context";
import { environmentInputs, isInChina, isMirrored } from "./environment-inputs";
import { assert, expectMap, type WorkflowDocument } from "./workflow-document";

/** The environment that the workflow files are written for; the job that calls for it is the pattern for every environment's. */
const PATTERN_ENVIRONMENT = "dev";
const READINESS_STEP = "Say what is not set up";

/** A job that calls what is to be done for an environment. */
interface MadeJob {
  readonly id: string;
  readonly node: YAMLMap;
  readonly environment: GitHubEnvironment;
}

/**
 * Put a call for each environment in the place of the pattern's. What is done there stands once, in the called workflow: a file that
 * repeated it for 60 environments would be larger than GitHub admits. A change reaches one environment after the other.
 *
 * @param roles what the called workflow assumes; a call waits for the first
 */
export function callForEnvironments(
  workflow: WorkflowDocument,
  context: AdjustmentContext,
  roles: readonly [RoleKind, ...RoleKind[]],
): void {
  const pattern = workflow.jobIds().find((id) => id.endsWith(`-${PATTERN_ENVIRONMENT}`));
  assert(pattern !== undefined, `${workflow.name} calls nothing for an environment`);
  const made: MadeJob[] = [];
  for (const environment of context.facts.environments.filter(({ mirrored }) => roles[0] !== "mirror" || mirrored)) {
    const node = workflow.job(pattern).clone() as YAMLMap;
    workflow.replaceText(node, (text) => forEnvironment(text, environment));
    const condition = node.get("if", true) as Scalar<string>;
    condition.value = conditionFor(condition.value, environment, context, roles);
    passOn(workflow, expectMap(node.get("with"), `${pattern}: with`), environment, context, roles);
    const previous = made.at(-1)?.id;
    if (previous !== undefined) {
      if (roles.includes("apply")) {
        needBefore(workflow, node, previous);
      }
      // The first one says it for all.
      node.items.forEach(({ key }) => {
        (key as Scalar).commentBefore = undefined;
      });
    }
    made.push({ id: pattern.replace(PATTERN_ENVIRONMENT, environment.name), node, environment });
  }
  putInPlace(workflow, pattern, made);
  for (const id of workflow.jobIds().filter((other) => !made.some((job) => job.id === other))) {
    waitForAny(workflow.job(id), context.facts.environments);
  }
  listReadiness(workflow, made, context);
}

/** The pattern environment's name, in the forms in which it stands in the files. */
function forEnvironment(text: string, environment: GitHubEnvironment): string {
  return text.replace(/\bdev\b/g, environment.name).replace(/_DEV\b/g, `_${inVariable(environment.name)}`);
}

/**
 * A call waits for the variable that says that its environment is bootstrapped. In production it also comes for a plan that a person
 * names; elsewhere a run with a plan does nothing.
 */
function conditionFor(
  text: string,
  environment: GitHubEnvironment,
  context: AdjustmentContext,
  [first, ...others]: readonly [RoleKind, ...RoleKind[]],
): string {
  const asks = `vars.${roleVariable(first, environment.name)} != ''`;
  assert(text.includes(asks), `the ${first} jobs do not ask whether the environment is set up`);
  const isReady = readiness([first], environment);
  if (!others.includes("apply") || !environment.production) {
    return text.replace(asks, isReady);
  }
  const merged = "inputs.plan == '' && ";
  assert(text.includes(merged), "the jobs that deploy do not ask for a plan");
  const named = `startsWith(inputs.plan, '${environment.name}:')`;
  const deploys = deploysIf(environment, context);
  const either =
    isReady === deploys
      ? `(inputs.plan == '' || ${named}) && ${isReady}`
      : `(${merged}${isReady} || ${named} && ${deploys})`;
  return text.replace(merged, "").replace(asks, either);
}

/** The condition under which an environment can be deployed. */
function deploysIf(environment: GitHubEnvironment, context: AdjustmentContext): string {
  return readiness(isMirrored(environment, context) ? ["apply", "mirror"] : ["apply"], environment);
}

function readiness(kinds: readonly RoleKind[], environment: GitHubEnvironment): string {
  const variables = new Set(kinds.map((kind) => readinessVariable(kind, environment)));
  return [...variables].map((name) => `vars.${name} != ''`).join(" && ");
}

/** Give the called workflow each of its inputs. */
function passOn(
  workflow: WorkflowDocument,
  inputs: YAMLMap,
  environment: GitHubEnvironment,
  context: AdjustmentContext,
  roles: readonly RoleKind[],
): void {
  const { accountId, region } = environment;
  const { accounts, audiences, githubEnvironments, mirrors } = environmentInputs(context);
  const deploys = roles.includes("apply");
  const set = (name: string, value: string | boolean) => inputs.set(name, workflow.document.createNode(value));
  if (inputs.has("stacks")) {
    assert(environment.stacks.at(-1) === "workloads", `${environment.name} has no workloads`);
    set("stacks", environment.stacks.slice(0, -1).join(" "));
  }
  set("aws-region", region);
  for (const kind of accountId === undefined ? [] : roles) {
    set(`${kind}-role`, `arn:${partitionOf(region)}:iam::${accountId}:role/${environment.roles[kind]}`);
  }
  if (deploys) {
    set("production", environment.production);
    set("deploys", `\${{ ${deploysIf(environment, context)} }}`);
  }
  if (deploys && mirrors === "none") {
    inputs.delete("mirror-role");
  } else if (deploys && !isMirrored(environment, context)) {
    set("mirror-role", "");
  }
  if (githubEnvironments && (deploys || roles.includes("mirror"))) {
    set("github-environment", environment.githubEnvironment ?? environment.name);
  }
  if (accounts) {
    inputs.set("account-id", workflow.quoted(accountId ?? ""));
  }
  if (audiences) {
    set("audience", isInChina(environment) ? "sts.amazonaws.com.cn" : "sts.amazonaws.com");
  }
}

/** A job waits for another; it says so behind its name, where readers look for it. */
function needBefore(workflow: WorkflowDocument, job: YAMLMap, id: string): void {
  workflow.insertAfter(job, "name", "needs", workflow.list([id]));
}

/** Put jobs in the place of their pattern, and in what waits for it. */
function putInPlace(workflow: WorkflowDocument, pattern: string, made: readonly MadeJob[]): void {
  for (const id of workflow.jobIds()) {
    const needs = workflow.job(id).get("needs");
    const ids = isSeq(needs) ? (needs.toJSON() as string[]) : [];
    if (ids.includes(pattern)) {
      const others = ids.filter((other) => other !== pattern);
      workflow.job(id).set("needs", workflow.list([...made.map((job) => job.id), ...others]));
    }
  }
  const pairs = made.map(({ id, node }) => workflow.document.createPair(id, node));
  workflow.jobs.items = workflow.jobs.items
    .flatMap((item) => (keyOf(item) === pattern ? (pairs as (typeof item)[]) : [item]))
    .map((item, index) => {
      const key = workflow.document.createNode(keyOf(item)) as Scalar;
      key.spaceBefore = index > 0;
      return Object.assign(item, { key });
    });
}

/** A job of all environments that waits for the pattern's variable waits for that of any. */
function waitForAny(job: YAMLMap, environments: readonly GitHubEnvironment[]): void {
  const condition = job.get("if", true);
  const pattern = `(vars.${roleVariable("plan", PATTERN_ENVIRONMENT)} != '')`;
  if (isScalar(condition) && typeof condition.value === "string") {
    const ready = environments.map((environment) => `vars.${readinessVariable("plan", environment)} != ''`);
    condition.value = condition.value.replace(pattern, `(${[...new Set(ready)].join(" || ")})`);
  }
}

function keyOf(item: { readonly key: unknown }): string {
  return String(isScalar(item.key) ? item.key.value : item.key);
}

/** The steps that say what is not set up get the variables of every environment. */
function listReadiness(workflow: WorkflowDocument, made: readonly MadeJob[], context: AdjustmentContext): void {
  for (const step of workflow.steps().filter((item) => item.get("name") === READINESS_STEP)) {
    const env = expectMap(step.get("env"), `${workflow.name}: ${READINESS_STEP}`);
    const patterns = String(env.get("VARIABLES")).split(" ");
    const names = patterns.flatMap((pattern) => {
      const kind = /^AWS_([A-Z]+)_ROLE_ARN_DEV$/.exec(pattern)?.[1]?.toLowerCase() as RoleKind | undefined;
      return kind === undefined
        ? [pattern]
        : made
            .filter(({ environment }) => kind !== "mirror" || isMirrored(environment, context))
            .map(({ environment }) => readinessVariable(kind, environment));
    });
    patterns.forEach((pattern) => env.delete(pattern));
    env.set("VARIABLES", [...new Set(names)].join(" "));
    setVariables(env, names);
  }
  for (const step of workflow.steps().filter((item) => item.hasIn(["env", "WAITS_FOR"]))) {
    const env = expectMap(step.get("env"), `${workflow.name}: WAITS_FOR`);
    const [pattern = ""] = String(env.get("WAITS_FOR")).split("=").slice(1);
    env.delete(pattern);
    const waits = made.map(({ id, environment }) => [id, readinessVariable("plan", environment)] as const);
    env.set("WAITS_FOR", waits.map((pair) => pair.join("=")).join(" "));
    setVariables(
      env,
      waits.map(([, name]) => name),
    );
  }
}

/** Each variable in an expression of its own: GitHub refuses one of more than 21,000 characters. */
function setVariables(env: YAMLMap, names: readonly string[]): void {
  for (const name of new Set(names)) {
    env.set(name, `\${{ vars.${name} }}`);
  }
}
