// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  type Contexts,
  evaluate,
  type Functions,
  isTrue,
  NotAnExpression,
  partly,
  UNKNOWN,
  type Value,
} from "./expression";
import { type JobView, mapOf, textOf, type WorkflowView } from "./workflow-view";

/** One way in which a workflow can be started, as far as it is known before. */
export interface EventScenario {
  /** Name of the event, such as `merge_group`. */
  readonly event: string;
  /** Whether a pull request comes from a fork, whose token may only read. */
  readonly fork: boolean;
  /** How a message calls it. */
  readonly title: string;
  readonly contexts: Contexts;
}

/** Events on which required checks are awaited: for a pull request's last commit, and for each commit in the merge queue. */
export const EVENTS_OF_REQUIRED_CHECKS = ["pull_request", "merge_group"];

const PULL_REQUESTS = ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"];

/** Parts of `github.event` that only some events have, and these events. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  pull_request: PULL_REQUESTS,
  number: ["pull_request", "pull_request_target"],
  merge_group: ["merge_group"],
  release: ["release"],
  issue: ["issues", "issue_comment"],
  comment: ["issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment"],
  review: ["pull_request_review"],
  workflow_run: ["workflow_run"],
  inputs: ["workflow_dispatch"],
  client_payload: ["repository_dispatch"],
  schedule: ["schedule"],
  head_commit: ["push"],
  commits: ["push"],
  compare: ["push"],
  before: ["push", ...PULL_REQUESTS],
  after: ["push", ...PULL_REQUESTS],
  deployment: ["deployment", "deployment_status"],
  deployment_status: ["deployment_status"],
};

/** Parts that are texts or numbers. */
const PLAIN = ["number", "schedule", "compare", "before", "after"];

/** Every way in which a workflow's triggers start it. One that is called is part of its callers' runs, and sees their event. */
export function scenariosOf(workflow: WorkflowView): EventScenario[] {
  return workflow.triggers
    .filter(({ event }) => event !== "workflow_call")
    .flatMap(({ event }) =>
      event === "pull_request" ? [scenario(event, false), scenario(event, true)] : [scenario(event, false)],
    );
}

function scenario(event: string, fork: boolean): EventScenario {
  const payload = Object.fromEntries(
    Object.entries(PARTS).map(([part, events]) => [
      part,
      events.includes(event) ? (PLAIN.includes(part) ? UNKNOWN : partly({})) : null,
    ]),
  );
  if (event === "pull_request") {
    const repository = partly({ fork, full_name: fork ? "stranger/platform" : "owner/platform" });
    payload.pull_request = partly({ head: partly({ repo: repository }) });
  }
  const isPullRequest = PARTS.pull_request?.includes(event);
  const github = partly({
    event_name: event,
    repository: "owner/platform",
    event: partly(payload as Record<string, Value>),
    ...(isPullRequest ? {} : { head_ref: "", base_ref: "" }),
  });
  return {
    event,
    fork,
    title: fork ? `'${event}' from a fork` : `'${event}'`,
    contexts: { github },
  };
}

/** Functions whose result depends on their parameters alone. Whether earlier steps succeeded is unknown. */
const FUNCTIONS: Functions = {
  always: () => true,
  contains: (text, part) => ofTexts(text, part, (one, other) => one.includes(other)),
  startswith: (text, part) => ofTexts(text, part, (one, other) => one.startsWith(other)),
  endswith: (text, part) => ofTexts(text, part, (one, other) => one.endsWith(other)),
};

function ofTexts(one: Value, other: Value, decide: (one: string, other: string) => boolean): Value {
  return typeof one === "string" && typeof other === "string"
    ? decide(one.toLowerCase(), other.toLowerCase())
    : UNKNOWN;
}

/** What an expression gives in a scenario. Text that is none is unknown: other rules and actionlint report it. */
export function valueIn(text: string, { contexts }: EventScenario, functions: Functions = FUNCTIONS): Value {
  try {
    return evaluate(text, contexts, functions);
  } catch (error) {
    if (error instanceof NotAnExpression) {
      return UNKNOWN;
    }
    throw error;
  }
}

/** Whether a job or step with this condition can run in a scenario. */
export function mayRun(condition: string | undefined, scenario: EventScenario, functions?: Functions): boolean {
  return condition === undefined || isTrue(valueIn(condition, scenario, functions)) !== false;
}

/** A job that can run in a scenario, with what is known there of the jobs that it needs. */
export interface JobInScenario {
  readonly job: JobView;
  readonly scenario: EventScenario;
}

/** Jobs that can run in a scenario: a job is skipped with a job that it needs, unless its condition asks how that ended. */
export function jobsIn(workflow: Pick<WorkflowView, "jobs">, scenario: EventScenario): JobInScenario[] {
  const byId = new Map(workflow.jobs.map((job) => [job.id, job]));
  const decided = new Map<string, JobInScenario | undefined>();
  const decide = (job: JobView): JobInScenario | undefined => {
    if (!decided.has(job.id)) {
      // One that needs itself never runs; it is also what keeps this from going round.
      decided.set(job.id, undefined);
      decided.set(
        job.id,
        running(job, scenario, (id) => {
          const needed = byId.get(id);
          return needed === undefined || decide(needed) !== undefined;
        }),
      );
    }
    return decided.get(job.id);
  };
  return workflow.jobs.map(decide).filter((found) => found !== undefined);
}

/** Whoever asks one of these runs, or not, by what it answers; else a job that something stopped is skipped with it. */
const ASKS_FOR_STATUS = /\b(always|cancelled|failure|success)\s*\(/;

function running(job: JobView, scenario: EventScenario, runs: (id: string) => boolean): JobInScenario | undefined {
  const condition = textOf(job.node, "if");
  const needs = needsOf(job);
  const skipped = needs.filter((id) => !runs(id));
  if (skipped.length > 0 && !ASKS_FOR_STATUS.test(condition ?? "")) {
    return undefined;
  }
  const known = Object.fromEntries(skipped.map((id) => [id, { result: "skipped", outputs: {} }]));
  const here = { ...scenario, contexts: { ...scenario.contexts, needs: partly(known) } };
  const functions = skipped.length === 0 ? FUNCTIONS : { ...FUNCTIONS, success: () => false };
  return mayRun(condition, here, functions) ? { job, scenario: here } : undefined;
}

function needsOf(job: JobView): readonly string[] {
  const needs = job.node.get("needs");
  return typeof needs === "string" ? [needs] : ((needs as { toJSON?(): string[] } | undefined)?.toJSON?.() ?? []);
}

/** What a called workflow sees: the caller's event, and each input as given or by its default. */
export function scenarioOfCall(
  { job, scenario }: JobInScenario,
  called: Pick<WorkflowView, "triggers">,
): EventScenario {
  const trigger = called.triggers.find(({ event }) => event === "workflow_call");
  const declared = trigger?.filter && mapOf(trigger.filter, "inputs");
  const given = mapOf(job.node, "with");
  const inputs: Record<string, Value> = Object.fromEntries(
    (declared?.items ?? []).map((item): [string, Value] => {
      const name = String((item.key as { value: unknown }).value);
      const value = given?.has(name) ? given.get(name) : declared && mapOf(declared, name)?.get("default");
      return [name, inputValue(value, scenario)];
    }),
  );
  const { github = UNKNOWN } = scenario.contexts;
  return { ...scenario, contexts: { github, inputs: partly(inputs) } };
}

/** One whole expression is evaluated; what text with an expression in it comes to is unknown. */
function inputValue(value: unknown, scenario: EventScenario): Value {
  if (typeof value === "boolean" || typeof value === "number") {
    return value;
  }
  if (typeof value !== "string") {
    return UNKNOWN;
  }
  if (!value.includes("${{")) {
    return value;
  }
  const isExpression = /^\s*\$\{\{[\s\S]*\}\}\s*$/.test(value);
  return isExpression ? valueIn(value, scenario) : UNKNOWN;
}
