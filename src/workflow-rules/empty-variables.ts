// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type EventScenario, valueIn } from "./event-scenarios";
import { partly } from "./expression";
import { mapOf, scalarsBelow, type StepView } from "./workflow-view";

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;

/** A scenario in which variables of a job's `env` are empty. */
export function withEmpty(scenario: EventScenario, names: readonly string[]): EventScenario {
  const env = partly(Object.fromEntries(names.map((name) => [name, ""])));
  return names.length === 0 ? scenario : { ...scenario, contexts: { ...scenario.contexts, env } };
}

/**
 * Whether a step does something with a variable of its job that is empty in a scenario: `$NAME`, `${NAME}` or `env.NAME` in what it
 * runs or is given. Its condition asks, and does nothing.
 */
export function usesEmpty(step: StepView, name: string, scenario: EventScenario): boolean {
  const own = mapOf(step.node, "env");
  const texts = scalarsBelow(own).map(({ node }) => String(node.value));
  if (own?.has(name)) {
    return texts.some((text) => readsEmpty(text, name, scenario));
  }
  const script = step.run ?? "";
  return [...texts, ...step.with.values(), ...(asksWhetherEmpty(script, name) ? [] : [script])].some((text) =>
    readsEmpty(text, name, scenario),
  );
}

/** Whether a script looks whether a variable is empty: `[ -n "$NAME" ]`, `[ "$NAME" = "" ]`, or `${NAME:-another value}`. */
export function asksWhetherEmpty(script: string, name: string): boolean {
  const variable = `"?\\$(?:${literal(name)}\\b|\\{${literal(name)}(?::?-)?\\})"?`;
  const asks = [`\\s-[nz]\\s+${variable}`, `${variable}\\s+[!=]?=\\s+(?:""|'')`, `\\$\\{${literal(name)}:[-+=][^}]`];
  return new RegExp(asks.join("|")).test(script);
}

/** Whether a step gives the steps behind it a value of this name. */
export function setsLater({ run = "" }: StepView, name: string): boolean {
  return run.includes("GITHUB_ENV") && new RegExp(`\\b${literal(name)}(?:=|<<)`).test(run);
}

function readsEmpty(text: string, name: string, scenario: EventScenario): boolean {
  const variable = literal(name);
  const inScript = new RegExp(`(?:\\$(?:env:)?|\\$\\{)${variable}\\b|\\benv\\.${variable}\\b(?!\\s*(?:\\|\\||\\?\\?))`);
  const inExpression = new RegExp(`\\benv(?:\\.|\\[')${variable}\\b`, "i");
  return (
    inScript.test(text.replace(EXPRESSION, "")) ||
    [...text.matchAll(EXPRESSION)].some(
      ([, expression = ""]) =>
        inExpression.test(expression) && ["", null].includes(valueIn(expression, scenario) as null),
    )
  );
}

/** A name as a pattern that fits it alone. */
function literal(name: string): string {
  return name.replace(/\W/g, "\\$&");
}
