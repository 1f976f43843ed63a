// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { githubLimit } from "./github-limits";
import type { WorkflowRule, RuleContext, RuleRelaxation, WorkflowViolation } from "./rule";
import { actionRules } from "./rules/actions";
import { conditionRules } from "./rules/conditions";
import { eventRules } from "./rules/events";
import { jobRules } from "./rules/jobs";
import { permissionRules } from "./rules/permissions";
import { pinRules } from "./rules/pins";
import { secretRules } from "./rules/secrets";
import { shellRules } from "./rules/shell";
import { sizeRules } from "./rules/size";
import { triggerRules } from "./rules/triggers";
import { NotAWorkflow, parseAction, parseWorkflow, type WorkflowView } from "./workflow-view";

/** Every rule, in the order of the documentation. */
export const WORKFLOW_RULES: readonly WorkflowRule[] = [
  ...pinRules,
  ...permissionRules,
  ...triggerRules,
  ...eventRules,
  ...jobRules,
  ...shellRules,
  ...conditionRules,
  ...secretRules,
  ...actionRules,
  ...sizeRules,
];

/** Rules about files other than workflows; known by id so that they can be relaxed too. */
export const DEPENDABOT_RULE_IDS = ["dependabot-cooldown", "dependabot-execution"] as const;

/** Ids that a relaxation may name. */
export const RULE_IDS: readonly string[] = [...WORKFLOW_RULES.map((rule) => rule.id), ...DEPENDABOT_RULE_IDS];

/** Rules of jobs that hold for what an action does too. */
const JOB_RULES_OF_ACTIONS: readonly string[] = ["name-step", "checkout-credentials"];

/** The rules of an action: it has steps, and neither triggers, permissions nor a runner of its own. */
export const ACTION_RULES: readonly WorkflowRule[] = [
  ...pinRules,
  ...jobRules.filter(({ id }) => JOB_RULES_OF_ACTIONS.includes(id)),
  ...shellRules,
  ...conditionRules,
  ...secretRules,
  ...actionRules,
  ...sizeRules,
];

/** Check one workflow against every rule. All violations at once, in the order of their lines. */
export function checkWorkflow(path: string, text: string, context: RuleContext): WorkflowViolation[] {
  const bytes = Buffer.byteLength(text);
  const most = githubLimit("workflowFileBytes");
  if (bytes > most) {
    const message = `It has ${bytes} bytes, and GitHub starts no run of a workflow that has more than ${most}.`;
    const fix = "Split it; a generated one has jobs for each of `environments`: keep some in another repository.";
    return [{ rule: "file-size", workflow: path, line: 1, message, fix }];
  }
  return check(path, () => parseWorkflow(path, text), WORKFLOW_RULES, context);
}

/** Check an action, composite or of another kind, against the rules that its steps can break. */
export function checkAction(path: string, text: string, context: Pick<RuleContext, "pins">): WorkflowViolation[] {
  return check(path, () => parseAction(path, text), ACTION_RULES, { ...context, required: false });
}

function check(
  path: string,
  parse: () => WorkflowView | undefined,
  rules: readonly WorkflowRule[],
  context: RuleContext,
): WorkflowViolation[] {
  let workflow: WorkflowView | undefined;
  try {
    workflow = parse();
  } catch (error) {
    if (error instanceof NotAWorkflow) {
      return [{ rule: "syntax", workflow: path, line: 1, message: error.message, fix: "Write valid YAML." }];
    }
    throw error;
  }
  return workflow === undefined ? [] : violationsOf(workflow, rules, context);
}

function violationsOf(
  workflow: WorkflowView,
  rules: readonly WorkflowRule[],
  context: RuleContext,
): WorkflowViolation[] {
  return rules
    .flatMap((rule) =>
      [...rule.check(workflow, context)].map(({ job, step, node, message, fix }) => ({
        rule: rule.id,
        workflow: workflow.path,
        line: workflow.lineOf(node ?? step?.node ?? job?.node ?? workflow.root),
        job: job?.id,
        step: step && (step.name ?? `step ${step.index + 1}`),
        message,
        fix,
      })),
    )
    .sort((a, b) => a.line - b.line);
}

/** The violations that no relaxation covers. One that names no directory is for workflows of that file name. */
export function withoutRelaxed(
  violations: readonly WorkflowViolation[],
  relaxations: readonly RuleRelaxation[],
): WorkflowViolation[] {
  const isFor = (path: string, named: string) =>
    path === named || (!named.includes("/") && path === `.github/workflows/${named}`);
  return violations.filter(
    (violation) =>
      !relaxations.some(
        ({ rule, workflow }) =>
          rule === violation.rule && (workflow === undefined || isFor(violation.workflow, workflow)),
      ),
  );
}

/** One violation as the user reads it. */
export function formatViolation({ rule, workflow, line, job, step, message, fix }: WorkflowViolation): string {
  const place = [`${workflow}:${line}`, job && `job '${job}'`, step && `step '${step}'`].filter(Boolean).join(", ");
  return `${place}: [${rule}] ${message} ${fix}`;
}
