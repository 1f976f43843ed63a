// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isIPv4 } from "node:net";
import { type ConditionBlock, type ConditionValue, list } from "./policy";
import { contextValue, type RequestContext } from "./request";
import { matchesPattern } from "./wildcards";

/** How an operator compares one value of the request with one of the policy. */
type Comparison = (actual: string, wanted: string, variables: RequestContext | undefined) => boolean;

const ignoringCase: Comparison = (actual, wanted, variables) =>
  matchesPattern(wanted, actual, { variables, wildcards: false, ignoreCase: true });
const exactly: Comparison = (actual, wanted, variables) =>
  matchesPattern(wanted, actual, { variables, wildcards: false });
const like: Comparison = (actual, wanted, variables) => matchesPattern(wanted, actual, { variables });
const numbers =
  (holds: (actual: number, wanted: number) => boolean): Comparison =>
  (actual, wanted) =>
    holds(Number(actual), Number(wanted));
const dates =
  (holds: (actual: number, wanted: number) => boolean): Comparison =>
  (actual, wanted) =>
    holds(time(actual), time(wanted));

/**
 * The operators that ask for a match. Each of `String`, `Numeric`, `Date`, `Arn` and `IpAddress` has a negated form besides.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: exactly,
  StringEqualsIgnoreCase: ignoringCase,
  StringLike: like,
  NumericEquals: numbers((actual, wanted) => actual === wanted),
  NumericLessThan: numbers((actual, wanted) => actual < wanted),
  NumericLessThanEquals: numbers((actual, wanted) => actual <= wanted),
  NumericGreaterThan: numbers((actual, wanted) => actual > wanted),
  NumericGreaterThanEquals: numbers((actual, wanted) => actual >= wanted),
  DateEquals: dates((actual, wanted) => actual === wanted),
  DateLessThan: dates((actual, wanted) => actual < wanted),
  DateLessThanEquals: dates((actual, wanted) => actual <= wanted),
  DateGreaterThan: dates((actual, wanted) => actual > wanted),
  DateGreaterThanEquals: dates((actual, wanted) => actual >= wanted),
  Bool: ignoringCase,
  BinaryEquals: (actual, wanted) => actual === wanted,
  IpAddress: insideRange,
  // Both forms of the ARN operator read wildcards.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
};

/**
 * Whether every condition of a statement holds: all operators, and all keys of each.
 *
 * @param variables values of policy variables; undefined where the policy's version has none
 * @throws Error on an operator that IAM does not have, or one value's operator on a key with several values
 */
export function conditionsHold(
  block: ConditionBlock | undefined,
  context: RequestContext,
  variables: RequestContext | undefined,
): boolean {
  return Object.entries(block ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, key, list<ConditionValue>(wanted).map(String), context, variables),
    ),
  );
}

function conditionHolds(
  operator: string,
  key: string,
  wanted: readonly string[],
  context: RequestContext,
  variables: RequestContext | undefined,
): boolean {
  const [, quantifier, name, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const actual = contextValue(context, key);
  if (name === "Null") {
    return wanted.some((value) => (value.toLowerCase() === "true") === (actual === undefined || actual.length === 0));
  }
  const positive = NEGATED[name as string] ?? (name as string);
  const compare = COMPARISONS[positive];
  if (compare === undefined) {
    throw new Error(`IAM has no condition operator "${operator}"`);
  }
  const isNegated = positive !== name;
  // Several wanted values are alternatives; negated, none of them may match.
  const holds = (value: string): boolean =>
    wanted.some((alternative) => compare(value, alternative, variables)) !== isNegated;

  if (actual === undefined || actual.length === 0) {
    return quantifier === "ForAllValues" || (quantifier === undefined && (isNegated || ifExists !== undefined));
  }
  if (quantifier === "ForAllValues") {
    return actual.every(holds);
  }
  if (quantifier === "ForAnyValue") {
    return actual.some(holds);
  }
  if (actual.length > 1) {
    throw new Error(`${key} has several values: ${operator} needs ForAllValues: or ForAnyValue: before it`);
  }
  return holds(actual[0] as string);
}

/** The six parts of an ARN are compared one by one, so that a wildcard does not reach beyond its part. */
function matchesArn(actual: string, wanted: string, variables: RequestContext | undefined): boolean {
  const [actualParts, wantedParts] = [arnParts(actual), arnParts(wanted)];
  return (
    actualParts.length === wantedParts.length &&
    wantedParts.every((part, index) => matchesPattern(part, actualParts[index] as string, { variables }))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
}

function insideRange(actual: string, wanted: string): boolean {
  const [network = "", prefix = "32"] = wanted.split("/");
  if (!isIPv4(actual) || !isIPv4(network)) {
    return actual === wanted;
  }
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(address(actual) / size) === Math.floor(address(network) / size);
}

function address(ip: string): number {
  return ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** Seconds since 1970, or a date in ISO 8601. */
function time(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
