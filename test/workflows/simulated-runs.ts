// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluate, type Functions, isTrue, UNKNOWN, type Value } from "../../src/workflow-rules/expression";
import type { YAMLMap } from "yaml";
import {
  calledFile,
  type JobView,
  mapOf,
  parseWorkflow,
  textOf,
  type WorkflowView,
} from "../../src/workflow-rules/workflow-view";

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
  /** How jobs end that run, where that is not "success": by id; a job of a called workflow is "id of the call/id of the job". */
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
  /** Whether it only calls a workflow, whose jobs follow it: it has no check of its own. */
  readonly calls: boolean;
  /** The GitHub environment that it is in. */
  readonly environment?: string;
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

/** The workflows of a repository, by file name. */
type Files = Readonly<Record<string, string>>;

/** What expressions of a job may read. */
type Contexts = Readonly<Record<string, Value>>;

/**
 * Which jobs and steps GitHub would run: it evaluates conditions as GitHub does, with every context known, and takes the
 * scripts and actions themselves for done. A job that calls a workflow is followed by the jobs of that. Undefined if the event does
 * not start the workflow.
 *
 * @param file name of the workflow
 */
export function simulate(file: string, files: Files, happening: Happening): SimulatedJob[] | undefined {
  const workflow = parseWorkflow(file, files[file] as string);
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
  const contexts = { github, inputs: { plan: "", ...happening.inputs }, vars: { ...happening.variables } };
  return run(workflow, files, happening, contexts).jobs;
}

/** The jobs that a workflow runs, and what they tell the workflow that calls it. */
function run(
  workflow: WorkflowView,
  files: Files,
  happening: Happening,
  contexts: Contexts,
  caller = "",
): { jobs: SimulatedJob[]; outputs: Record<string, string> } {
  const done = new Map<string, { result: Result; outputs: Readonly<Record<string, string>> }>();
  const jobs: SimulatedJob[] = [];
  for (const job of workflow.jobs) {
    const id = `${caller}${job.id}`;
    const needs = Object.fromEntries(needsOf(job).map((other) => [other, done.get(other) as object]));
    const known = { ...contexts, needs };
    const ran = condition(textOf(job.node, "if"), known, statusOf([...Object.values(needs)] as { result: string }[]));
    const called = ran ? calledFile(job) : undefined;
    const name = job.name ?? job.id;
    if (called !== undefined) {
      const file = called.split("/").at(-1) as string;
      const view = parseWorkflow(file, files[file] as string);
      const inputs = inputsOf(job, view, known);
      const inner = run(
        view,
        files,
        happening,
        { github: contexts.github ?? null, vars: contexts.vars ?? null, inputs },
        `${id}/`,
      );
      done.set(job.id, { result: resultOf(inner.jobs), outputs: { ...inner.outputs, ...happening.outputs?.[id] } });
      jobs.push({ id, name, result: resultOf(inner.jobs), calls: true, steps: [], actions: [], scripts: [] });
      jobs.push(...inner.jobs.map((one) => ({ ...one, name: `${name} / ${one.name}` })));
      continue;
    }
    const steps = ran ? job.steps.filter(({ node }) => stepRuns(textOf(node, "if"), contexts)) : [];
    const result = ran ? (happening.ends?.[id] ?? "success") : "skipped";
    done.set(job.id, { result, outputs: { ...(ran ? happening.outputs?.[id] : {}) } });
    jobs.push({
      id,
      name,
      result,
      calls: false,
      environment: textOf(job.node, "environment"),
      steps: steps.map(({ name: title }) => title as string),
      actions: steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses.split("@")[0] as string])),
      scripts: steps.flatMap(({ name: title = "", run: script, node }) =>
        script === undefined
          ? []
          : [{ name: title, run: script, env: { ...environmentOf(job.node, known), ...environmentOf(node, known) } }],
      ),
    });
  }
  const outputs = mapOf(
    workflow.triggers.find(({ event }) => event === "workflow_call")?.filter ?? workflow.root,
    "outputs",
  );
  return {
    jobs,
    outputs: Object.fromEntries(
      Object.entries((outputs?.toJSON() ?? {}) as Record<string, { value: string }>).map(([name, { value }]) => [
        name,
        String(evaluate(value, { jobs: Object.fromEntries(done) }) ?? ""),
      ]),
    ),
  };
}

type Inputs = Readonly<Record<string, { readonly type: string; readonly required?: boolean }>>;

/** What a call passes on, of the types that the called workflow declares. An input that it must have and does not get is refused. */
function inputsOf(job: JobView, called: WorkflowView, contexts: Contexts): Record<string, Value> {
  const trigger = called.triggers.find(({ event }) => event === "workflow_call");
  const declared = ((trigger?.filter?.toJSON() ?? {}) as { inputs?: Inputs }).inputs ?? {};
  const given = (mapOf(job.node, "with")?.toJSON() ?? {}) as Record<string, unknown>;
  const strangers = Object.keys(given).filter((name) => !(name in declared));
  const missing = Object.keys(declared).filter((name) => declared[name]?.required && !(name in given));
  if (strangers.length + missing.length > 0) {
    throw new Error(`${job.id} passes on ${strangers} and lacks ${missing}`);
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const text = String(value);
      const passed = text.includes("${{") ? evaluate(text, contexts, statusOf([])) : (value as Value);
      if (declared[name]?.type === "boolean" ? typeof passed !== "boolean" : typeof passed === "boolean") {
        throw new Error(`${job.id} passes on ${name} of another type`);
      }
      return [name, passed];
    }),
  );
}

/** How a job ends that calls a workflow. */
function resultOf(jobs: readonly SimulatedJob[]): Result {
  const order: readonly Result[] = ["failure", "cancelled", "success"];
  return order.find((result) => jobs.some((job) => job.result === result)) ?? "skipped";
}

/** What stands under `env` of a step, with every expression evaluated whose value is known. */
function environmentOf(node: YAMLMap, contexts: Readonly<Record<string, Value>>): Record<string, string> {
  const functions: Functions = {
    tojson: (value) => JSON.stringify(value),
    join: (list, separator) => (list as readonly string[]).join(String(separator)),
  };
  return Object.fromEntries(
    Object.entries((mapOf(node, "env")?.toJSON() ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
      let isKnown = true;
      const text = String(value).replace(/\$\{\{(.*?)\}\}/g, (_all, expression: string) => {
        const result = evaluate(...listed(expression, contexts), functions);
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
    format: (text, ...values) =>
      String(text).replace(/\{(\d+)\}/g, (_all, index: string) => String(values[Number(index)])),
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
  return (
    text === undefined ||
    known(text, { ...contexts, steps: { scan: succeeded, check: succeeded, key: succeeded } }, statusOf([]))
  );
}

function known(text: string, contexts: Readonly<Record<string, Value>>, functions: Functions): boolean {
  const value = evaluate(...listed(text, contexts), functions);
  if (value === UNKNOWN) {
    throw new Error(`the simulation does not know what '${text}' is`);
  }
  return isTrue(value) === true;
}

/** The one filter over objects that the workflows use, as a name of its own. */
function listed(text: string, contexts: Readonly<Record<string, Value>>): [string, Readonly<Record<string, Value>>] {
  const needs = (contexts.needs ?? {}) as Readonly<Record<string, { result: string }>>;
  const results = Object.values(needs).map(({ result }) => result);
  return [text.replace(/needs\.\*\.result/g, "results"), { ...contexts, results }];
}
