// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isScalar } from "yaml";
import { calledJobs, type WorkflowRule, steps } from "../rule";
import { isOnlyCalled, type JobView, mapOf, pairOf, scalarsBelow, textOf } from "../workflow-view";

/** Jobs that run on a runner, as opposed to jobs that call a reusable workflow. */
const runs = (job: JobView): boolean => textOf(job.node, "uses") === undefined;

/** Jobs that hold what a GitHub environment guards, and a token for the cloud. */
const deploys = (job: JobView): boolean =>
  job.node.has("environment") && mapOf(job.node, "permissions")?.get("id-token") === "write";

/**
 * What may stand in a job that calls a workflow.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#supported-keywords-for-jobs-that-call-a-reusable-workflow
 */
const CALL_KEYS = ["name", "uses", "with", "secrets", "strategy", "needs", "if", "concurrency", "permissions"];

export const jobRules: readonly WorkflowRule[] = [
  {
    id: "name-workflow",
    title: "The workflow has a name.",
    reason: "Without one the list of runs shows paths.",
    *check(workflow) {
      if (!textOf(workflow.root, "name")) {
        yield { message: "The workflow has no name.", fix: "Write 'name:' at the top." };
      }
    },
  },
  {
    id: "name-step",
    title: "Every job and step has a name.",
    reason: "A log of unnamed steps cannot be read, and messages cannot point at them.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        if (!job.name) {
          yield { job, message: "The job has no name.", fix: "Write 'name:' in the job." };
        }
      }
      for (const { job, step } of steps(workflow)) {
        if (!step.name) {
          yield { job, step, message: "The step has no name.", fix: "Write 'name:' in the step." };
        }
      }
    },
  },
  {
    id: "job-shape",
    title: "A job has steps or calls a workflow, and a call has no key that GitHub refuses in one.",
    reason: "GitHub starts no run of a workflow with another kind of job, and says so only on its own page.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        if (!job.node.has("uses")) {
          if (!job.node.has("steps")) {
            yield {
              job,
              message: "The job has neither steps nor a workflow that it calls.",
              fix: "Adjust an existing job, or add a whole one; what is done in an environment is in '*-environment.yml'.",
            };
          }
          continue;
        }
        const strangers = job.node.items.filter(
          ({ key }) => !CALL_KEYS.includes(String(isScalar(key) ? key.value : key)),
        );
        for (const { key } of strangers) {
          yield {
            job,
            node: key,
            message: `'${String(isScalar(key) ? key.value : key)}' is in a job with 'uses', where GitHub refuses it.`,
            fix: "Write it in the jobs of the called workflow.",
          };
        }
      }
    },
  },
  {
    id: "name-literal",
    title: "A required job has a fixed name.",
    reason: "Branch protection compares names; one that an expression or a matrix makes changes with its values.",
    *check(workflow, { required }) {
      for (const job of required ? workflow.jobs : []) {
        if (job.name?.includes("${{") || mapOf(job.node, "strategy")?.has("matrix")) {
          yield {
            job,
            message: "The job's name depends on values.",
            fix: "Write one job per case with a literal name.",
          };
        }
      }
    },
  },
  {
    id: "job-timeout",
    title: "Every job has a timeout.",
    reason: "The default is six hours of runner time, and of a live token.",
    *check(workflow) {
      for (const job of workflow.jobs.filter(runs)) {
        if (!job.node.has("timeout-minutes")) {
          yield { job, message: "The job has no timeout.", fix: "Write 'timeout-minutes:' in the job." };
        }
      }
    },
  },
  {
    id: "job-runner",
    title: "The runner is named by version.",
    reason: "'-latest' changes the system under a workflow on a day that someone else chooses.",
    *check(workflow) {
      for (const job of workflow.jobs.filter(runs)) {
        for (const { node } of scalarsBelow(pairOf(job.node, "runs-on")?.value)) {
          if (/-latest$/.test(String(node.value))) {
            yield {
              job,
              node,
              message: `The runner is '${String(node.value)}'.`,
              fix: "Name a version, such as ubuntu-24.04.",
            };
          }
        }
      }
    },
  },
  {
    id: "concurrency",
    title: "The workflow says what happens when it is started twice.",
    reason: "Two applies at once break the state; ten scans of one branch waste runners.",
    *check(workflow) {
      const value = pairOf(workflow.root, "concurrency")?.value;
      // The runs of one that is only called are its callers'; a group of the same name would wait for itself.
      if (isOnlyCalled(workflow)) {
        return;
      }
      if (!isMap(value) || !value.has("group") || !value.has("cancel-in-progress")) {
        yield {
          message: "The workflow does not set group and cancel-in-progress.",
          fix: "Write 'concurrency:' with 'group:' and 'cancel-in-progress:' at the top.",
        };
      }
    },
  },
  {
    id: "deploy-not-cancelled",
    title: "A job that deploys is never canceled by a newer run.",
    reason: "An apply that stops halfway leaves a locked state and half a change.",
    *check(workflow, context) {
      const top = textOf(mapOf(workflow.root, "concurrency") ?? workflow.root, "cancel-in-progress");
      for (const job of workflow.jobs.filter((one) => [one, ...calledJobs(one, context)].some(deploys))) {
        const own = textOf(mapOf(job.node, "concurrency") ?? job.node, "cancel-in-progress");
        const isSafe = top === "false" || (top === undefined && isOnlyCalled(workflow));
        if (!isSafe || (own !== undefined && own !== "false")) {
          yield {
            job,
            message: "The job deploys, but a newer run can cancel it.",
            fix: "Write 'cancel-in-progress: false' for the workflow and for the job.",
          };
        }
      }
    },
  },
  {
    id: "checkout-credentials",
    title: "A checkout leaves no token behind: persist-credentials: false.",
    reason: "A token in .git is readable by every later step and travels in uploaded artifacts.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        if (step.uses?.startsWith("actions/checkout@") && step.with.get("persist-credentials") !== "false") {
          yield {
            job,
            step,
            message: "The checkout keeps its token in .git/config.",
            fix: "Add 'persist-credentials: false' under 'with:'.",
          };
        }
      }
    },
  },
];
