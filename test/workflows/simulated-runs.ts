// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluate, type Functions, isTrue, UNKNOWN, type Value } from "../../src/workflow-rules/expression";
import type { YAMLMap } from "yaml";
import { type JobView, mapOf, parseWorkflow, textOf, type WorkflowView } from "../../src/workflow-rules/workflow-view";

/** Something that happens in a repository. */
export interface Happening {
  readonly event: string;
  /** `github.ref` of the run; the default branch unless given. */
  readonly ref?: string;
  /** What `github.event` has beside the repository. */
  readonly payload?: Readonly<Record<string, Value>>;
  /** What a person enters who starts the workflow. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Variables of the repository. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly visibility?: string;
  /** How jobs end that run, where that is not "success": by id. */
  readonly ends?: Readonly<Record<string, "success" | "failure" | "cancelled">>;
  /** What jobs tell those that need them: by id. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** How a job ended. */
export type Result = "success" | "failure" | "cancelled" | "skipped";

export interface SimulatedJob {
  readonly id: string;
  readonly name: string;
  readonly result: Result;
  /** Names of the steps that ran. */
  readonly steps: readonly string[];
  /** `uses` of the steps that ran, without the commit. */
  readonly actions: readonly string[];
  /** Scripts of the steps that ran, with the variables that GitHub gives them. */
  readonly scripts: readonly SimulatedScript[];
}

/** A script as a runner gets it. */
export interface SimulatedScript {
  readonly name: string;
  readonly run: string;
  /** Values that depend on what a step did are left out. */
  readonly env: Readonly<Record<string, string>>;
}

const REPOSITORY = "acme/gpu-platform";

/** A pull request from this repository, from a fork, or by Dependabot. */
export function pullRequest(from: "here" | "fork" | "dependabot"): Happening {
  const repository = from === "fork" ? "stranger/gpu-platform" : REPOSITORY;
  const head = { repo: { full_name: repository, fork: from === "fork" }, sha: "b".repeat(40) };
  const user = { login: from === "dependabot" ? "dependabot[bot]" : "octocat" };
  return {
    event: "pull_request",
    ref: "refs/pull/1/merge",
    payload: { pull_request: { number: 1, head, base: { sha: "a".repeat(40) }, user } },
  };
}

export const MERGE_GROUP: Happening = {
  event: "merge_group",
  ref: "refs/heads/gh-readonly-queue/main/pr-1",
  payload: { merge_group: { base_sha: "a".repeat(40), head_sha: "b".repeat(40) } },
};

/**
 * Which jobs and steps GitHub would run: it evaluates conditions as GitHub does, with every context known, and takes the
 * scripts and actions themselves for done. Undefined if the event does not start the workflow.
 */
export function simulate(path: string, text: string, happening: Happening): SimulatedJob[] | undefined {
  const workflow = parseWorkflow(path, text);
  const ref = happening.ref ?? "refs/heads/main";
  if (!starts(workflow, happening.event, ref)) {
    return undefined;
  }
  const github: Value = {
    event_name: happening.event,
    ref,
    ref_name: ref.replace(/^refs\/(?:heads|pull)\//, ""),
    repository: REPOSITORY,
    event: {
      ...happening.payload,
      repository: { visibility: happening.visibility ?? "private", full_name: REPOSITORY },
    },
  };
  const contexts = { github, inputs: { ...happening.inputs }, vars: { ...happening.variables } };
  const done = new Map<string, SimulatedJob>();
  for (const job of workflow.jobs) {
    const needs = needsOf(job);
    const results = Object.fromEntries(
      needs.map((id) => [id, { result: done.get(id)?.result as string, outputs: { ...happening.outputs?.[id] } }]),
    );
    const ran = condition(textOf(job.node, "if"), { ...contexts, needs: results }, statusOf(Object.values(results)));
    const steps = ran ? job.steps.filter(({ node }) => stepRuns(textOf(node, "if"), contexts)) : [];
    done.set(job.id, {
      id: job.id,
      name: job.name ?? job.id,
      result: ran ? (happening.ends?.[job.id] ?? "success") : "skipped",
      steps: steps.map(({ name }) => name as string),
      actions: steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses.split("@")[0] as string])),
      scripts: steps.flatMap(({ name = "", run, node }) =>
        run === undefined ? [] : [{ name, run, env: environmentOf(node, { ...contexts, needs: results }) }],
      ),
    });
  }
  return [...done.values()];
}

/** What stands under `env` of a step, with every expression evaluated whose value is known. */
function environmentOf(node: YAMLMap, contexts: Readonly<Record<string, Value>>): Record<string, string> {
  const functions: Functions = { tojson: (value) => JSON.stringify(value) };
  return Object.fromEntries(
    Object.entries((mapOf(node, "env")?.toJSON() ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
      let isKnown = true;
      const text = String(value).replace(/\$\{\{(.*?)\}\}/g, (_all, expression: string) => {
        const result = evaluate(expression, contexts, functions);
        isKnown = isKnown && result !== UNKNOWN;
        return result === null ? "" : String(result);
      });
      return isKnown ? [[name, text]] : [];
    }),
  );
}

function starts(workflow: WorkflowView, event: string, ref: string): boolean {
  const trigger = workflow.triggers.find((one) => one.event === event);
  const branches = (trigger?.filter?.get("branches") as { toJSON(): string[] } | undefined)?.toJSON();
  return trigger !== undefined && (branches === undefined || branches.some((name) => ref === `refs/heads/${name}`));
}

function needsOf(job: JobView): string[] {
  const needs = job.node.get("needs");
  return typeof needs === "string" ? [needs] : ((needs as { toJSON?(): string[] } | undefined)?.toJSON?.() ?? []);
}

/** The functions that ask how what came before ended. A job that was skipped is no failure, but no success either. */
function statusOf(needed: readonly { readonly result: string }[]): Functions {
  const failed = needed.some(({ result }) => result === "failure");
  return {
    always: () => true,
    cancelled: () => false,
    failure: () => failed,
    success: () => needed.every(({ result }) => result === "success"),
    startswith: (text, start) =>
      String(text ?? "")
        .toLowerCase()
        .startsWith(String(start).toLowerCase()),
    contains: (list, item) =>
      Array.isArray(list) ? list.includes(item) : String(list).toLowerCase().includes(String(item).toLowerCase()),
  };
}

function condition(text: string | undefined, contexts: Readonly<Record<string, Value>>, functions: Functions): boolean {
  const asks = /\b(always|cancelled|failure|success)\s*\(/.test(text ?? "");
  if (!asks && isTrue(functions.success?.() ?? true) !== true) {
    return false;
  }
  return text === undefined || known(text, contexts, functions);
}

/** Steps ask for outcomes of earlier ones; here all of them succeeded. */
function stepRuns(text: string | undefined, contexts: Readonly<Record<string, Value>>): boolean {
  const succeeded = { outcome: "success", outputs: { present: "true" } };
  return text === undefined || known(text, { ...contexts, steps: { scan: succeeded, check: succeeded } }, statusOf([]));
}

function known(text: string, contexts: Readonly<Record<string, Value>>, functions: Functions): boolean {
  const results = (contexts.needs ?? {}) as Readonly<Record<string, { result: string }>>;
  // The one filter over objects that the workflows use.
  const listed = text.replace(/needs\.\*\.result/g, "results");
  const value = evaluate(
    listed,
    { ...contexts, results: Object.values(results).map(({ result }) => result) },
    functions,
  );
  if (value === UNKNOWN) {
    throw new Error(`the simulation does not know what '${text}' is`);
  }
  return isTrue(value) === true;
}
