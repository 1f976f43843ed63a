// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import data from "../action-lists.json";
import { type EventScenario, jobsIn, mayRun, scenariosOf, valueIn } from "../event-scenarios";
import { repositoryOfAction } from "../pin-table";
import type { WorkflowFinding, WorkflowRule } from "../rule";
import { mapOf, scalarsBelow, type StepView, textOf, type WorkflowView } from "../workflow-view";

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
    *check(workflow) {
      const seen = new Set<unknown>();
      for (const found of allFindings(workflow)) {
        // One finding a place, for the first event that shows it.
        if (!seen.has(found.node)) {
          seen.add(found.node);
          yield found;
        }
      }
    },
  },
];

function* allFindings(workflow: WorkflowView): Generator<WorkflowFinding> {
  for (const scenario of scenariosOf(workflow)) {
    for (const job of jobsIn(workflow, scenario)) {
      for (const step of job.steps.filter(({ node }) => mayRun(textOf(node, "if"), scenario))) {
        const refusal = refusalOf(step, scenario);
        if (refusal !== undefined) {
          const message = `The step runs on ${scenario.title}, where ${refusal}.`;
          yield { job, step, node: step.node, message, fix: `Add a condition that leaves ${scenario.title} out.` };
        }
        for (const part of ["with", "env"]) {
          for (const { node, path } of scalarsBelow(mapOf(step.node, part))) {
            const missing = missingIn(String(node.value), scenario);
            if (missing !== undefined) {
              yield {
                job,
                step,
                node,
                message: `'${path.at(-1)}' reads ${missing}, which ${scenario.title} does not have.`,
                fix: "Give the step a condition, or the expression another value with ||.",
              };
            }
          }
        }
      }
    }
  }
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
