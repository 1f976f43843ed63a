// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";

/**
 * A value of synthesized JSON as a plan would show it: what is known now, what only after apply, and the
 * expression that it comes from.
 */
export interface PlannedValue {
  /** The value, with null for what is not known. */
  readonly after: unknown;
  /** `true` for an unknown value; objects and arrays of that for what is partly unknown; `false` otherwise. */
  readonly unknown: unknown;
  readonly expression: unknown;
}

// Terraform's escapes of a literal `${` and `%{`.
const ESCAPES = /\$\$\{|%%\{/g;
const TEMPLATE = /[$%]\{/;

// A path of names: `aws_subnet.private[0].id`, `data.aws_region.x.name`, `module.network["a"].ids`.
const REFERENCE = /(?<![\w.-])[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:"(?:[^"\\]|\\.)*"|\d+)\])+/g;
const STRING_LITERAL = /"(?:[^"\\]|\\.)*"/g;

/** Whether Terraform evaluates something in the text. */
export function hasExpression(text: string): boolean {
  return TEMPLATE.test(text.replace(ESCAPES, ""));
}

/** The references of every expression in a value, in the order they appear. */
export function referencesIn(value: unknown): string[] {
  if (typeof value === "string") {
    return hasExpression(value) ? referencesOf(value) : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap(referencesIn);
  }
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

function referencesOf(text: string): string[] {
  const bodies = text.replace(ESCAPES, "").match(/[$%]\{[\s\S]*\}/g) ?? [];
  return bodies
    .flatMap((body) => withoutStrings(body).match(REFERENCE) ?? [])
    .flatMap((reference) => shortened(reference));
}

// Text within quotes is no reference, except for the key of an index.
function withoutStrings(body: string): string {
  return body.replace(STRING_LITERAL, (literal, offset: number) => (body[offset - 1] === "[" ? literal : '""'));
}

// A plan lists the reference and each resource around it.
function shortened(reference: string): string[] {
  const instance = /^(?:data\.)?[\w-]+\.[\w-]+(?:\[[^\]]*\])?/.exec(reference)?.[0];
  return instance === undefined || instance === reference ? [reference] : [reference, instance];
}

/** An attribute as a plan shows it. */
export function plannedAttribute(value: unknown): PlannedValue {
  const references = [...new Set(referencesIn(value))];
  const isConstant = !containsExpression(value);
  return { ...known(value), expression: isConstant ? { constant_value: literal(value) } : { references } };
}

function containsExpression(value: unknown): boolean {
  if (typeof value === "string") {
    return hasExpression(value);
  }
  if (Array.isArray(value)) {
    return value.some(containsExpression);
  }
  return isObject(value) && Object.values(value).some(containsExpression);
}

function known(value: unknown): { after: unknown; unknown: unknown } {
  if (typeof value === "string" && hasExpression(value)) {
    return { after: null, unknown: true };
  }
  if (Array.isArray(value)) {
    const items = value.map(known);
    return { after: items.map((item) => item.after), unknown: items.map((item) => item.unknown) };
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => [key, known(item)] as const);
    return {
      after: Object.fromEntries(entries.map(([key, item]) => [key, item.after])),
      unknown: Object.fromEntries(entries.map(([key, item]) => [key, item.unknown])),
    };
  }
  return { after: literal(value), unknown: false };
}

function literal(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(ESCAPES, (escaped) => escaped.slice(1));
  }
  if (Array.isArray(value)) {
    return value.map(literal);
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(item)])) : value;
}
