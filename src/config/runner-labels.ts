// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { TextRule } from "../gates/gate-record";
import type { IssueList } from "../options/option-issues";
import { checkText } from "./text-rules";

const LABEL: TextRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
  rule: "a runner label",
  fix: 'write "ubuntu-24.04"',
};

/** Labels that name a runner, which must stay the same machine: GitHub moves those that end with `-latest`. */
export function checkRunnerLabels(labels: readonly string[] | undefined, path: string, issues: IssueList): void {
  if (labels?.length === 0) {
    issues.add(path, labels, "at least one label", "name one, or remove the option");
  }
  labels?.forEach((label, index) => {
    checkText(label, `${path}[${index}]`, LABEL, issues);
    if (label.endsWith("-latest")) {
      issues.add(`${path}[${index}]`, label, "a runner named by version", 'write "ubuntu-24.04"');
    }
  });
}
