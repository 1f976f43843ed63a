// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { contextValue, type RequestContext } from "./request";

interface Matching {
  /** Values of policy variables; without it `${…}` is plain text, as in policies of version 2008-10-17. */
  readonly variables?: RequestContext;
  /**
   * Whether `*` and `?` are special.
   * @default true
   */
  readonly wildcards?: boolean;
  readonly ignoreCase?: boolean;
}

/** What a pattern must hold to mean anything but itself. */
const SPECIAL = /[*?$]/;

/** `${aws:username}`, with an optional default: `${aws:PrincipalTag/team, 'none'}`. */
const VARIABLE = /\$\{([^},]+)(?:,\s*'([^']*)')?\}/g;

/**
 * Whether a value matches a pattern with `*` (any number of characters, none included) and `?` (exactly one).
 *
 * `${*}`, `${?}` and `${$}` stand for the characters themselves. A pattern with a variable that has no value and no default,
 * or several values, matches nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function matchesPattern(pattern: string, value: string, matching: Matching = {}): boolean {
  const { variables, ignoreCase } = matching;
  if (!SPECIAL.test(pattern)) {
    return ignoreCase ? pattern.toLowerCase() === value.toLowerCase() : pattern === value;
  }
  const plain = matching.wildcards === false ? literal : withWildcards;
  let expression = "";
  let end = 0;
  for (const variable of variables === undefined ? [] : pattern.matchAll(VARIABLE)) {
    const text = variableValue(variable[1] as string, variable[2], variables as RequestContext);
    if (text === undefined) {
      return false;
    }
    expression += plain(pattern.slice(end, variable.index)) + literal(text);
    end = variable.index + variable[0].length;
  }
  expression += plain(pattern.slice(end));
  return compiled(expression, ignoreCase ? "is" : "s").test(value);
}

/** Compiled expressions: a policy is asked many times, and compiling takes longer than matching. */
const expressions = new Map<string, RegExp>();

function compiled(expression: string, flags: string): RegExp {
  const key = `${flags} ${expression}`;
  const known = expressions.get(key) ?? new RegExp(`^${expression}$`, flags);
  expressions.set(key, known);
  return known;
}

function variableValue(name: string, fallback: string | undefined, variables: RequestContext): string | undefined {
  if (name === "*" || name === "?" || name === "$") {
    return name;
  }
  const values = contextValue(variables, name);
  return values?.length === 1 ? values[0] : fallback;
}

function withWildcards(text: string): string {
  return literal(text).replaceAll("\\*", ".*").replaceAll("\\?", ".");
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
