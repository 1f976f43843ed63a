// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq } from "yaml";
import {
  EVENTS_OF_REQUIRED_CHECKS,
  type EventScenario,
  jobsIn,
  mayRun,
  scenarioOfCall,
  scenariosOf,
} from "../event-scenarios";
import { calledWorkflow, type RuleContext, type WorkflowRule } from "../rule";
import { calledFile, type JobView, textOf, type WorkflowView } from "../workflow-view";

/** Events that run with the base repository's secrets on data that anybody can send. */
const DANGEROUS = [
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "issues",
  "discussion",
  "discussion_comment",
];

/** What brings a commit to a pull request. */
const PUSHES = ["opened", "synchronize", "reopened"];

export const triggerRules: readonly WorkflowRule[] = [
  {
    id: "trigger-dangerous",
    title: "No event exposes secrets to code or text from outsiders.",
    reason:
      "pull_request_target and similar events run with write access next to the attacker's code or text, as in the attacks on spotbugs, Trivy and TanStack.",
    *check(workflow) {
      for (const { event } of workflow.triggers) {
        if (DANGEROUS.includes(event)) {
          yield {
            message: `The workflow starts on '${event}'.`,
            fix: "Use pull_request, push, schedule or workflow_dispatch.",
          };
        }
      }
    },
  },
  {
    id: "trigger-merge-group",
    title:
      "A workflow whose check is required starts on pull requests and in the merge queue, and skips no required job there.",
    reason:
      "A pull request waits for the check of its last commit, and the queue for that of its own merge commit; if the workflow does not start, the check never comes. GitHub takes a skipped job for a successful one, so 'Required checks' takes it for a failed one.",
    *check(workflow, context) {
      const { required } = context;
      for (const scenario of required ? scenariosOf(workflow) : []) {
        if (EVENTS_OF_REQUIRED_CHECKS.includes(scenario.event) && !scenario.fork) {
          yield* skippedJobs(workflow, scenario, context);
        }
      }
      for (const event of required ? EVENTS_OF_REQUIRED_CHECKS : []) {
        const trigger = workflow.triggers.find((one) => one.event === event);
        if (trigger === undefined) {
          yield {
            message: `The check is required but does not run on ${event}.`,
            fix: `Add '${event}:' under 'on:'.`,
          };
        }
      }
    },
  },
  {
    id: "trigger-path-filter",
    title: "A workflow whose check is required has no filter of paths, and leaves out no push to a pull request.",
    reason: "A workflow that a filter skips reports nothing, and the pull request waits forever.",
    *check(workflow, { required }) {
      for (const { event, filter } of required ? workflow.triggers : []) {
        for (const key of ["paths", "paths-ignore"]) {
          if (filter?.has(key)) {
            yield {
              node: filter,
              message: `'${event}' is filtered by '${key}', but the check is required.`,
              fix: "Remove the filter and decide inside the job.",
            };
          }
        }
        const types = event === "pull_request" ? filter?.get("types", true) : undefined;
        const left = types === undefined ? [] : PUSHES.filter((type) => !textsOf(types).includes(type));
        if (left.length > 0) {
          yield {
            node: filter,
            message: `'${event}' leaves out ${left.join(" and ")} by 'types', but the check is required.`,
            fix: `Add ${left.join(" and ")}, or remove 'types'.`,
          };
        }
      }
    },
  },
];

/** The texts of a list, or the one text that stands in its place. */
function textsOf(node: unknown): unknown[] {
  return (isSeq(node) ? node.items : [node]).map((item) => (isScalar(item) ? item.value : item));
}

/** Required jobs that cannot run in a scenario, or none of whose steps can. */
function* skippedJobs(workflow: WorkflowView, scenario: EventScenario, context: RuleContext) {
  const { requiredJobs } = context;
  for (const job of workflow.jobs.filter(({ id }) => requiredJobs?.includes(id) ?? true)) {
    const problem = skippedIn(workflow, job, scenario, context, []);
    if (problem !== undefined) {
      yield {
        job,
        message: `Its check is required, and on ${scenario.title} ${problem}.`,
        fix: "Let the job run, and put the condition on those of its steps that need it.",
      };
    }
  }
}

/** What of a job, and of what it calls, does not run. */
function skippedIn(
  workflow: Pick<WorkflowView, "jobs">,
  job: JobView,
  scenario: EventScenario,
  context: RuleContext,
  callers: readonly string[],
): string | undefined {
  const found = jobsIn(workflow, scenario).find((one) => one.job.id === job.id);
  if (found === undefined) {
    return callers.length === 0 ? "it is skipped" : `the job '${job.id}' of ${callers.at(-1)} is skipped`;
  }
  const path = calledFile(job);
  const called = calledWorkflow(job, context);
  if (called !== undefined && path !== undefined && !callers.includes(path)) {
    const inner = scenarioOfCall(found, called);
    return called.jobs
      .map((one) => skippedIn(called, one, inner, context, [...callers, path]))
      .find((problem) => problem !== undefined);
  }
  const runs = job.steps.length === 0 || job.steps.some(({ node }) => mayRun(textOf(node, "if"), found.scenario));
  const whose = callers.length === 0 ? "its steps" : `the steps of the job '${job.id}' of ${callers.at(-1)}`;
  return runs ? undefined : `none of ${whose} runs`;
}
