// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Operators with their keys and the values that they compare: `{ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }`. */
export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>>
>;

/** JSON admits numbers and booleans; IAM reads them as strings. */
export type ConditionValue = string | number | boolean;

/** `Principal` of a resource's policy: everybody, or ARNs and services by kind. */
export type PrincipalElement = "*" | Readonly<Record<string, string | readonly string[]>>;

/** A statement as IAM's grammar has it: each list may be a single string. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: ConditionBlock;
}

/** A policy of an identity or of a resource. */
export interface PolicyDocument {
  /** Policy variables are read in `2012-10-17` only. */
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

/** A value that IAM's grammar lets be one or several, as a list. */
export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}
