// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { POLICY_DIRECTORY } from "./load-policies";

/** A rule as its METADATA describes it. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Row of the security document's policy tables that it enforces. */
  readonly row: string;
  /** Ids of the controls that it proves; absent for a rule that is no proof of one. */
  readonly controls?: readonly string[];
  readonly severity: "error" | "warning";
  readonly fix: string;
}

/** Every rule, in order of id. */
export function ruleList(): readonly Rule[] {
  const text = readFileSync(join(POLICY_DIRECTORY, "rules.json"), "utf8");
  return (JSON.parse(text) as { readonly rules: readonly Rule[] }).rules;
}
