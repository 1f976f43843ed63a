// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PinTable } from "./pin-table";
import { calledFile, type JobView, type StepView, type WorkflowView } from "./workflow-view";

/** A rule about workflows. Pure: it looks at one parsed workflow and says what is wrong with it. */
export interface WorkflowRule {
  /** Stable, kebab-case; what a relaxation names. */
  readonly id: string;
  /** One sentence: what must hold. */
  readonly title: string;
  /** Why: what goes wrong in a repository that breaks it. */
  readonly reason: string;
  check(workflow: WorkflowView, context: RuleContext): Iterable<WorkflowFinding>;
}

/** What a rule may know beside the workflow. */
export interface RuleContext {
  readonly pins: PinTable;
  /** The workflow holds a check that branch protection requires. */
  readonly required: boolean;
  /** The jobs of a required workflow whose checks are required, by id. Absent: all of them. */
  readonly requiredJobs?: readonly string[];
  /** Another workflow of the repository, by path; undefined if none lies there. Absent: no other one is known. */
  readonly workflowAt?: (path: string) => CalledWorkflow | undefined;
}

/** What of a workflow counts where it is called. */
export type CalledWorkflow = Pick<WorkflowView, "path" | "text" | "triggers" | "jobs">;

/** The workflow that a job calls, if it is known. */
export function calledWorkflow(
  job: JobView,
  { workflowAt }: Pick<RuleContext, "workflowAt">,
): CalledWorkflow | undefined {
  const path = calledFile(job);
  return path === undefined ? undefined : workflowAt?.(path);
}

/** The jobs of the workflow that a job calls, as far as they are known. */
export function calledJobs(job: JobView, context: Pick<RuleContext, "workflowAt">): readonly JobView[] {
  return calledWorkflow(job, context)?.jobs ?? [];
}

/** Something that a rule found. */
export interface WorkflowFinding {
  readonly job?: JobView;
  readonly step?: StepView;
  /** Node whose line is reported. */
  readonly node?: unknown;
  readonly message: string;
  readonly fix: string;
}

/** A finding, placed: what the user reads. */
export interface WorkflowViolation {
  readonly rule: string;
  readonly workflow: string;
  readonly line: number;
  /** Job id. */
  readonly job?: string;
  /** Step name, or its position when it has none. */
  readonly step?: string;
  readonly message: string;
  readonly fix: string;
}

/** A rule that is switched off in one workflow or in all, with the reason that the security document repeats. */
export interface RuleRelaxation {
  readonly rule: string;
  /** File name of a workflow such as `deploy.yml`, or the path of a file; everywhere when absent. */
  readonly workflow?: string;
  readonly reason: string;
  /** Day in the form YYYY-MM-DD after which the relaxation counts no more. */
  readonly expires?: string;
}

/** Every step of a workflow with its job. */
export function* steps(workflow: WorkflowView): Generator<{ job: JobView; step: StepView }> {
  for (const job of workflow.jobs) {
    for (const step of job.steps) {
      yield { job, step };
    }
  }
}
