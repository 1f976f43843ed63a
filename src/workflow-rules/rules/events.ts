// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Scalar } from "yaml";
import data from "../action-lists.json";
import { usesEmpty, asksWhetherEmpty, setsLater, withEmpty } from "../empty-variables";
import {
  EVENTS_OF_REQUIRED_CHECKS,
  type EventScenario,
  type JobInScenario,
  jobsIn,
  mayRun,
  scenarioOfCall,
  scenariosOf,
  valueIn,
} from "../event-scenarios";
import { UNKNOWN, type Value } from "../expression";
import { repositoryOfAction } from "../pin-table";
import { calledWorkflow, type RuleContext, type WorkflowFinding, type WorkflowRule } from "../rule";
import {
  calledFile,
  type JobView,
  mapOf,
  scalarsBelow,
  type StepView,
  textOf,
  type WorkflowView,
} from "../workflow-view";

/** Events that an action is not made for. */
interface ActionEvents {
  /** The only events that it knows. Absent: all but those of `refuses`. */
  readonly knows?: readonly string[];
  readonly refuses?: readonly string[];
  /** Whether it needs to write, which a fork's token cannot. */
  readonly writes?: boolean;
  /** The input that keeps it from doing what the event refuses, and the values of it that do. */
  readonly unless?: { readonly input: string; readonly values: readonly string[] };
  readonly why: string;
}

const ACTIONS = data.events as Readonly<Record<string, ActionEvents>>;

export const eventRules: readonly WorkflowRule[] = [
  {
    id: "step-event",
    title: "No step runs on an event that it is not made for.",
    reason:
      "A step that reads what the event does not have, or that GitHub refuses there, fails every run of that kind: in a merge queue nothing is ever merged.",
    *check(workflow, context) {
      const seen = new Set<unknown>();
      for (const found of allFindings(workflow, context)) {
        // One finding a place, for the first event that shows it.
        if (!seen.has(found.node)) {
          seen.add(found.node);
          yield found;
        }
      }
    },
  },
];

function* allFindings(workflow: WorkflowView, context: RuleContext): Generator<WorkflowFinding> {
  const concernsEvents = remembered(({ text }: { readonly text: string }) => CONCERNS_EVENTS.test(text));
  for (const scenario of scenariosOf(workflow)) {
    yield* sharedGroup(workflow.root, scenario);
    for (const found of jobsIn(workflow, scenario)) {
      yield* findingsOfJob(found);
      for (const inner of findingsOfCall(found, context, concernsEvents, [])) {
        yield { job: found.job, node: found.job.node, ...inner };
      }
    }
  }
}

function* findingsOfJob({ job, scenario }: JobInScenario): Generator<WorkflowFinding> {
  yield* sharedGroup(job.node, scenario, job);
  yield* missingBelow(mapOf(job.node, "with"), scenario, { job });
  const empty = [...missingBelow(mapOf(job.node, "env"), scenario, { job })].filter(
    ({ name }) => !job.steps.some((step) => setsLater(step, name)),
  );
  // With other text around the expression a value is not empty.
  const names = empty.flatMap(({ name, node }) => (isExpression((node as Scalar).value) ? [name] : []));
  for (const step of job.steps) {
    // What the step sets by itself its condition sees.
    const inherited = names.filter((name) => !mapOf(step.node, "env")?.has(name));
    if (mayRun(textOf(step.node, "if"), withEmpty(scenario, inherited))) {
      yield* findingsOfStep(job, step, scenario);
      for (const { name, message, ...found } of empty) {
        // GitHub gives an empty text, which harms nobody who does not read it.
        if (usesEmpty(step, name, withEmpty(scenario, [name]))) {
          const user = `step '${step.name ?? step.index + 1}'`;
          const fix = "Add a fallback with ||, or move it to the step that uses it, and give that a condition.";
          yield { ...found, message: message.replace(/\.$/, `, and ${user} uses it.`), fix };
        }
      }
    }
  }
}

function isExpression(value: unknown): boolean {
  return /^\s*\$\{\{(?:(?!\$\{\{)[\s\S])*\}\}\s*$/.test(String(value));
}

function* findingsOfStep(job: JobView, step: StepView, scenario: EventScenario): Generator<WorkflowFinding> {
  const refusal = refusalOf(step, scenario);
  if (refusal !== undefined) {
    const message = `The step runs on ${scenario.title}, where ${refusal}.`;
    yield { job, step, node: step.node, message, fix: `Add a condition that leaves ${scenario.title} out.` };
  }
  yield* missingBelow(mapOf(step.node, "with"), scenario, { job, step });
  for (const { name, ...found } of missingBelow(mapOf(step.node, "env"), scenario, { job, step })) {
    if (!asksWhetherEmpty(step.run ?? "", name)) {
      yield found;
    }
  }
}

/** What may be found in a workflow: whatever names neither an event's parts nor such an action need not be walked for every call. */
const CONCERNS_EVENTS = new RegExp(
  ["github\\.event\\.", "github\\.head_ref", "github\\.base_ref", ...Object.keys(ACTIONS)].join("|"),
);

function remembered<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) {
      known.set(key, compute(key));
    }
    return known.get(key) as V;
  };
}

/** What happens in the workflow that a job calls, on the event of the caller's run; the caller is what can keep it away. */
function* findingsOfCall(
  caller: JobInScenario,
  context: RuleContext,
  concernsEvents: (workflow: { readonly text: string }) => boolean,
  callers: readonly string[],
): Generator<Pick<WorkflowFinding, "message" | "fix">> {
  const called = calledWorkflow(caller.job, context);
  const path = calledFile(caller.job);
  if (called === undefined || path === undefined || callers.includes(path)) {
    return;
  }
  for (const found of jobsIn(called, scenarioOfCall(caller, called))) {
    for (const { job, step, message } of concernsEvents(called) ? findingsOfJob(found) : []) {
      const place = [`job '${job?.id}'`, step && `step '${step.name ?? `step ${step.index + 1}`}'`].filter(Boolean);
      const fix = `Give the job or that step a condition that leaves ${found.scenario.title} out.`;
      yield { message: `It calls ${path}, ${place.join(", ")}: ${message}`, fix };
    }
    yield* findingsOfCall(found, context, concernsEvents, [...callers, path]);
  }
}

function* missingBelow(
  node: unknown,
  scenario: EventScenario,
  place: Pick<WorkflowFinding, "job" | "step">,
): Generator<WorkflowFinding & { readonly name: string }> {
  for (const { node: scalar, path } of scalarsBelow(node)) {
    const missing = missingIn(String(scalar.value), scenario);
    const name = String(path.at(-1));
    if (missing !== undefined) {
      yield {
        ...place,
        name,
        node: scalar,
        message: `'${name}' reads ${missing}, which ${scenario.title} does not have.`,
        fix: "Give the step a condition, or the expression another value with ||.",
      };
    }
  }
}

/** An expression, and what is known of what it gives. */
interface ReadExpression {
  readonly text: string;
  readonly value: Value;
}

/** Values that all runs of a workflow on one event share. */
const SHARED = /^github\.(workflow|repository|repository_owner|event_name|job)$/;

/**
 * A group that is the same for all runs of an event: GitHub keeps one of them waiting, and cancels the others, so that a queue has
 * one entry that may pass.
 */
function* sharedGroup(
  node: Parameters<typeof mapOf>[0],
  scenario: EventScenario,
  job?: JobInScenario["job"],
): Generator<WorkflowFinding> {
  const group = mapOf(node, "concurrency")?.get("group") ?? node.get("concurrency");
  if (typeof group !== "string" || !EVENTS_OF_REQUIRED_CHECKS.includes(scenario.event)) {
    return;
  }
  const expressions = [...group.matchAll(/\$\{\{([\s\S]*?)\}\}/g)].map(([, inner]): ReadExpression => {
    const text = (inner as string).trim();
    return { text, value: SHARED.test(text) ? text : valueIn(text, scenario) };
  });
  const reads = expressions
    .filter(({ value }) => isMissing(value))
    .flatMap(({ text }) => /\bgithub\.(?:event\.\w+|head_ref|base_ref)/.exec(text) ?? []);
  if (reads[0] !== undefined && expressions.every(({ value }) => value !== UNKNOWN)) {
    yield {
      job,
      node: job?.node ?? mapOf(node, "concurrency") ?? node,
      message: `The concurrency group reads ${reads[0]}, which ${scenario.title} does not have: its runs cancel one another.`,
      fix: "Add a fallback with ||, such as '|| github.ref'.",
    };
  }
}

function isMissing(value: Value): boolean {
  return value === null || value === "";
}

/** Why an action does not work in a scenario. */
function refusalOf(step: StepView, scenario: EventScenario): string | undefined {
  const action = step.uses?.split("@")[0] ?? "";
  const rule = ACTIONS[action] ?? ACTIONS[repositoryOfAction(action)];
  if (rule === undefined) {
    return undefined;
  }
  if (rule.unless !== undefined) {
    const given = step.with.get(rule.unless.input);
    const value = given?.includes("${{") ? valueIn(given, scenario) : given;
    if (rule.unless.values.includes(String(value))) {
      return undefined;
    }
  }
  const known = rule.knows?.includes(scenario.event) ?? !rule.refuses?.includes(scenario.event);
  return known && !(rule.writes && scenario.fork) ? undefined : rule.why;
}

/** The part of the event that an expression reads, if the scenario has no such part and the expression no other value. */
function missingIn(text: string, scenario: EventScenario): string | undefined {
  for (const [, expression] of text.matchAll(/\$\{\{([\s\S]*?)\}\}/g)) {
    const reads = /\bgithub\.event\.\w+/.exec(expression as string)?.[0];
    if (reads !== undefined && valueIn(expression as string, scenario) === null) {
      return reads;
    }
  }
  return undefined;
}
