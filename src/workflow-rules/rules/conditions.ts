// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, Scalar } from "yaml";
import type { WorkflowFinding, WorkflowRule } from "../rule";
import { pairOf, scalarsBelow, type WorkflowView } from "../workflow-view";

/** Every `if:` of jobs and steps. */
function* conditions(workflow: WorkflowView): Generator<WorkflowFinding & { text: string; block: boolean }> {
  for (const job of workflow.jobs) {
    for (const [step, node] of [[undefined, job.node] as const, ...job.steps.map((s) => [s, s.node] as const)]) {
      const value = pairOf(node, "if")?.value;
      if (isScalar(value) && typeof value.value === "string") {
        const block = value.type === Scalar.BLOCK_LITERAL || value.type === Scalar.BLOCK_FOLDED;
        yield { job, step, node: value, text: value.value, block, message: "", fix: "" };
      }
    }
  }
}

export const conditionRules: readonly WorkflowRule[] = [
  {
    id: "condition-bot",
    title: "No condition trusts a bot by its name.",
    reason: "github.actor is whoever caused the last event, and an attacker can make a bot push to their branch.",
    *check(workflow) {
      for (const { job, step, node, text } of conditions(workflow)) {
        if (
          /github\.(actor|triggering_actor)\s*==\s*'[^']*\[bot\]'|'[^']*\[bot\]'\s*==\s*github\.(actor|triggering_actor)/.test(
            text,
          )
        ) {
          yield {
            job,
            step,
            node,
            message: "The condition compares the actor with a bot's name.",
            fix: "Compare github.event.pull_request.user.login, on events that only the bot can cause.",
          };
        }
      }
    },
  },
  {
    id: "condition-always-true",
    title: "A condition is one expression, not text around one.",
    reason: "'${{ x }} ' with anything around it, even a line break, is a non-empty string, and therefore always true.",
    *check(workflow) {
      for (const { job, step, node, text, block } of conditions(workflow)) {
        const wrapped = text.includes("${{");
        if (
          wrapped &&
          (block
            ? /\n$/.test(text) || !/^\s*\$\{\{[\s\S]*\}\}\s*$/.test(text)
            : !/^\$\{\{[\s\S]*\}\}$/.test(text.trim()))
        ) {
          yield {
            job,
            step,
            node,
            message: "The condition has text around its expression and is always true.",
            fix: "Write the expression without ${{ }}, on one line.",
          };
        }
      }
    },
  },
  {
    id: "condition-contains",
    title: "contains() gets a list, not a string that looks like one.",
    reason: "contains('refs/heads/main refs/heads/dev', github.ref) is also true for refs/heads/mai.",
    *check(workflow) {
      for (const { job, step, node, text } of conditions(workflow)) {
        if (/contains\(\s*'[^']*'\s*,\s*(github|env|inputs)\./.test(text)) {
          yield {
            job,
            step,
            node,
            message: "contains() searches in a string.",
            fix: 'Write contains(fromJSON(\'["a", "b"]\'), ...).',
          };
        }
      }
    },
  },
  {
    id: "expression-ternary",
    title: "No 'condition && empty || other'.",
    reason: "The middle value is falsy, so the result is always the last one.",
    *check(workflow) {
      for (const { node } of scalarsBelow(workflow.root)) {
        if (/&&\s*(''|""|false|0|null)\s*\|\|/.test(String(node.value))) {
          yield { node, message: "The expression always gives its last value.", fix: "Turn the condition around." };
        }
      }
    },
  },
  {
    id: "expression-obfuscated",
    title: "References and expressions are plain.",
    reason: "'owner/./name', computed indices and nested fromJSON(toJSON()) hide what runs from readers and scanners.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        for (const step of job.steps) {
          const action = step.uses?.split("@")[0] ?? "";
          if (
            !action.startsWith("docker://") &&
            (/\/\/|\/\.{1,2}\/|\/$|\.\.|\/\.$/.test(action) || /\s/.test(step.uses ?? ""))
          ) {
            yield {
              job,
              step,
              message: `'${step.uses}' has a misleading spelling.`,
              fix: "Write owner/name or owner/name/path.",
            };
          }
        }
      }
      for (const { node } of scalarsBelow(workflow.root)) {
        const found = /fromJSON\(\s*toJSON\(|toJSON\(\s*fromJSON\(|\[\s*format\(|\[\s*join\(/i.exec(
          String(node.value),
        )?.[0];
        if (found) {
          yield { node, message: `'${found}' hides what the expression reads.`, fix: "Name the value directly." };
        }
      }
    },
  },
];
