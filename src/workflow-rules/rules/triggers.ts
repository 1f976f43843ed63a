// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq } from "yaml";
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
    title: "A workflow whose check is required starts on pull requests and in the merge queue.",
    reason:
      "A pull request waits for the check of its last commit, and the queue for that of its own merge commit; where the workflow does not start, it never comes.",
    *check(workflow, { required }) {
      for (const event of required ? ["pull_request", "merge_group"] : []) {
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
