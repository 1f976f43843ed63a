// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { TextRule } from "../gates/gate-record";
import type { IssueList } from "../options/option-issues";

/** Adds an issue if the string is given and breaks the rule. */
export function checkText(
  value: string | undefined,
  path: string,
  { pattern, rule, fix }: TextRule,
  issues: IssueList,
): void {
  if (value !== undefined && !pattern.test(value)) {
    issues.add(path, value, rule, typeof fix === "string" ? fix : fix(value));
  }
}

const REASON: TextRule = {
  pattern: /^(?!.*\.\.\/)(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`|${}<>]|[\u200c\u200d]){10,300}$/u,
  rule: "one line of 10 to 300 characters, none of them invisible, without ` | $ { } < > or ../",
  fix: "say in a sentence why this is acceptable here",
};

/** Why something is excepted: a sentence that can be written into any file. */
export function checkReason(reason: string, path: string, issues: IssueList): void {
  checkText(reason, path, REASON, issues);
}

/** The last day on which an exception counts. */
export function checkDay(day: string, path: string, issues: IssueList): void {
  const parsed = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day) {
    issues.add(path, day, "a day in the form YYYY-MM-DD", 'write "2027-06-30"');
  }
}
