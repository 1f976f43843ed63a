// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { githubLimit } from "../github-limits";
import type { WorkflowRule } from "../rule";
import { scalarsBelow } from "../workflow-view";

export const sizeRules: readonly WorkflowRule[] = [
  {
    id: "expression-length",
    title: "No string with an expression is longer than GitHub evaluates.",
    reason:
      "GitHub evaluates such a string as one expression, together with the text around it; a run that reaches a longer one ends there.",
    *check(workflow) {
      const most = githubLimit("expressionCharacters");
      for (const { node, path } of scalarsBelow(workflow.root)) {
        const { length } = String(node.value);
        // A condition is an expression without the braces.
        if (length > most && (path.at(-1) === "if" || String(node.value).includes("${{"))) {
          yield {
            node,
            message: `'${path.at(-1)}' has ${length} characters and an expression, and GitHub evaluates at most ${most}.`,
            fix: "Pass each value by a variable of its own, under 'env:'.",
          };
        }
      }
    },
  },
];
