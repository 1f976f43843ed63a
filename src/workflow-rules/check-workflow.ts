// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule, RuleContext, RuleRelaxation, Violation } from "./rule";
import { actionRules } from "./rules/actions";
import { conditionRules } from "./rules/conditions";
import { eventRules } from "./rules/events";
import { jobRules } from "./rules/jobs";
import { permissionRules } from "./rules/permissions";
import { pinRules } from "./rules/pins";
import { secretRules } from "./rules/secrets";
import { shellRules } from "./rules/shell";
import { triggerRules } from "./rules/triggers";
import { NotAWorkflow, parseWorkflow, type WorkflowView } from "./workflow-view";

/** Every rule, in the order of the documentation. */
export const WORKFLOW_RULES: readonly Rule[] = [
  ...pinRules,
  ...permissionRules,
  ...triggerRules,
  ...eventRules,
  ...jobRules,
  ...shellRules,
  ...conditionRules,
  ...secretRules,
  ...actionRules,
];

/** Rules about files other than workflows; known by id so that they can be relaxed too. */
export const DEPENDABOT_RULE_IDS = ["dependabot-cooldown", "dependabot-execution"] as const;

/** Ids that a relaxation may name. */
export const RULE_IDS: readonly string[] = [...WORKFLOW_RULES.map((rule) => rule.id), ...DEPENDABOT_RULE_IDS];

/** Check one workflow against every rule. All violations at once, in the order of their lines. */
export function checkWorkflow(path: string, text: string, context: RuleContext): Violation[] {
  let workflow: WorkflowView;
  try {
    workflow = parseWorkflow(path, text);
  } catch (error) {
    if (error instanceof NotAWorkflow) {
      return [{ rule: "syntax", workflow: path, line: 1, message: error.message, fix: "Write a valid workflow." }];
    }
    throw error;
  }
  return WORKFLOW_RULES.flatMap((rule) =>
    [...rule.check(workflow, context)].map(({ job, step, node, message, fix }) => ({
      rule: rule.id,
      workflow: path,
      line: workflow.lineOf(node ?? step?.node ?? job?.node ?? workflow.root),
      job: job?.id,
      step: step && (step.name ?? `step ${step.index + 1}`),
      message,
      fix,
    })),
  ).sort((a, b) => a.line - b.line);
}

/** The violations that no relaxation covers. */
export function withoutRelaxed(violations: readonly Violation[], relaxations: readonly RuleRelaxation[]): Violation[] {
  return violations.filter(
    (violation) =>
      !relaxations.some(
        ({ rule, workflow }) =>
          rule === violation.rule && (workflow === undefined || violation.workflow.split("/").at(-1) === workflow),
      ),
  );
}

/** One violation as the user reads it. */
export function formatViolation({ rule, workflow, line, job, step, message, fix }: Violation): string {
  const place = [`${workflow}:${line}`, job && `job '${job}'`, step && `step '${step}'`].filter(Boolean).join(", ");
  return `${place}: [${rule}] ${message} ${fix}`;
}
