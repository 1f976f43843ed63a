// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkflowRule } from "../rule";

/** Events that run with the base repository's secrets on data that anybody can send. */
const DANGEROUS = [
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "issues",
  "discussion",
  "discussion_comment",
];

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
    title: "A workflow whose check is required starts in the merge queue too.",
    reason: "The queue waits for the check of its own merge commit; without merge_group it never comes.",
    *check(workflow, { required }) {
      if (required && !workflow.triggers.some((trigger) => trigger.event === "merge_group")) {
        yield {
          message: "The check is required but does not run on merge_group.",
          fix: "Add 'merge_group:' under 'on:'.",
        };
      }
    },
  },
  {
    id: "trigger-path-filter",
    title: "A workflow whose check is required has no path filter.",
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
      }
    },
  },
];
