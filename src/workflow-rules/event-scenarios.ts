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
import { type JobView, textOf, type WorkflowView } from "./workflow-view";

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

/** Parts of `github.event` that only some events have, and these events. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"],
  merge_group: ["merge_group"],
  release: ["release"],
  issue: ["issues", "issue_comment"],
  comment: ["issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment"],
  review: ["pull_request_review"],
  workflow_run: ["workflow_run"],
  inputs: ["workflow_dispatch", "workflow_call"],
  client_payload: ["repository_dispatch"],
  head_commit: ["push"],
};

/** Every way in which a workflow's triggers start it. */
export function scenariosOf(workflow: WorkflowView): EventScenario[] {
  return workflow.triggers.flatMap(({ event }) =>
    event === "pull_request" ? [scenario(event, false), scenario(event, true)] : [scenario(event, false)],
  );
}

function scenario(event: string, fork: boolean): EventScenario {
  const payload = Object.fromEntries(
    Object.entries(PARTS).map(([part, events]) => [part, events.includes(event) ? partly({}) : null]),
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
export function valueIn(text: string, { contexts }: EventScenario): Value {
  try {
    return evaluate(text, contexts, FUNCTIONS);
  } catch (error) {
    if (error instanceof NotAnExpression) {
      return UNKNOWN;
    }
    throw error;
  }
}

/** Whether a job or step with this condition can run in a scenario. */
export function mayRun(condition: string | undefined, scenario: EventScenario): boolean {
  return condition === undefined || isTrue(valueIn(condition, scenario)) !== false;
}

/** Jobs that can run in a scenario: a job is skipped with a job that it needs, unless its condition asks how that ended. */
export function jobsIn(workflow: WorkflowView, scenario: EventScenario): JobView[] {
  const running = new Set<string>();
  const asksForStatus = /\b(always|cancelled|failure)\s*\(/;
  for (const job of workflow.jobs) {
    const condition = textOf(job.node, "if");
    const needs = [job.node.get("needs")].flatMap((value) =>
      typeof value === "string" ? [value] : ((value as { toJSON?(): string[] } | undefined)?.toJSON?.() ?? []),
    );
    const waits = !asksForStatus.test(condition ?? "") && needs.some((id) => !running.has(id));
    if (!waits && mayRun(condition, scenario)) {
      running.add(job.id);
    }
  }
  return workflow.jobs.filter(({ id }) => running.has(id));
}
