// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkflowOptions } from "../options/workflow-options";

/** A workflow of generated repositories, as everything that lists workflows sees it. */
export interface WorkflowRecord {
  /** Name of its file without `.yml`, in `workflows/` here and in `.github/workflows/` there. */
  readonly id: string;
  /** Its field of the option `workflows`. Without one it is always generated. */
  readonly option?: keyof WorkflowOptions;
  /** When it fails, as docs/workflows.md says it. */
  readonly failsWhen: string;
  /** What to do when its check is red, as docs/operations.md of a repository says it. Given where `required` is. */
  readonly remedy?: string;
  /** Whether a branch waits for its checks. */
  readonly required: boolean;
  /**
   * The workflow behind whose checks its own stand in `.github/settings.json`, where that is not the order of the lists:
   * a list that repositories have is not put into another order.
   */
  readonly requiredAfter?: string;
  /** Jobs whose checks are required; by default all. */
  readonly requiredJobs?: readonly string[];
  /** Whether the README shows its state. */
  readonly badge: boolean;
  /** What the repository must have for it: stacks that a runner reaches, or a registry that it fills. */
  readonly needs?: "stacks" | "mirror";
  /** Whether GitHub admits it in private repositories with Code Security only: without, its jobs are skipped. */
  readonly codeSecurity?: boolean;
  /** Whether it compares with the generator or fetches a newer one: an ejected repository does not have it. Default: false. */
  readonly needsGenerator?: boolean;
  /**
   * Name of the workflow file that it calls for each environment, without `.yml`: what is done there is written once. Its jobs report
   * as "Name of the call / Name of the job".
   */
  readonly called?: string;
  /**
   * The judge in this workflow, as the job's name says it: "Synthesize for ...". The change's own code synthesizes in a separate
   * job, and the judging job takes only its output. Absent: nothing is judged, or that code is trusted.
   */
  readonly synthesizedFor?: string;
  /** Programs that its steps start, by the name that they are started by; a test makes each of them fail. */
  readonly starts: readonly string[];
}

/** Names of the files of a workflow, without `.yml`: its own first. */
export function filesOfWorkflow({ id, called }: Pick<WorkflowRecord, "id" | "called">): string[] {
  return called === undefined ? [id] : [id, called];
}

/** Where the workflow is in a generated repository. */
export function workflowFile({ id }: Pick<WorkflowRecord, "id">): string {
  return `.github/workflows/${id}.yml`;
}
