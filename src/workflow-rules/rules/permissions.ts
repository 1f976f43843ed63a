// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isScalar, type YAMLMap } from "yaml";
import type { WorkflowRule } from "../rule";
import { pairOf } from "../workflow-view";

export const permissionRules: readonly WorkflowRule[] = [
  {
    id: "permissions-top-empty",
    title: "The workflow itself grants nothing: permissions: {}.",
    reason:
      "Permissions at the top apply to every job, including those added later; without any, the repository's default applies.",
    *check(workflow) {
      const pair = pairOf(workflow.root, "permissions");
      const value = pair?.value;
      if (!isMap(value) || (value as YAMLMap).items.length > 0) {
        yield {
          node: value ?? workflow.root,
          message: pair ? "The top-level permissions are not empty." : "There are no top-level permissions.",
          fix: "Write 'permissions: {}' at the top and grant in each job what it needs.",
        };
      }
    },
  },
  {
    id: "permissions-per-job",
    title: "Each job states its own permissions, scope by scope.",
    reason: "write-all and read-all give a stolen token the whole repository.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        const value = pairOf(job.node, "permissions")?.value;
        if (!isMap(value)) {
          const shorthand = isScalar(value) && value.value !== null ? ` but '${String(value.value)}'` : "";
          yield {
            job,
            message: `The job lists no permissions${shorthand}.`,
            fix: "List the scopes the job needs, such as 'contents: read', or 'permissions: {}'.",
          };
        }
      }
    },
  },
  {
    id: "permissions-reason",
    title: "A comment says why each permission is needed.",
    reason: "A permission whose reason nobody knows is never removed.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        const value = pairOf(job.node, "permissions")?.value;
        for (const scope of isMap(value) ? (value as YAMLMap).items : []) {
          const name = isScalar(scope.key) ? String(scope.key.value) : "?";
          const level = isScalar(scope.value) ? scope.value : undefined;
          if (level?.value !== "none" && !level?.comment?.trim()) {
            yield {
              job,
              node: scope.key,
              message: `Nothing says why the job needs '${name}: ${String(level?.value)}'.`,
              fix: `End the line with a comment: '${name}: ${String(level?.value)} # reason'.`,
            };
          }
        }
      }
    },
  },
  {
    id: "permissions-pull-request",
    title: "A job that a pull request starts writes nothing but code scanning results.",
    reason: "Its code is the author's; with a write scope, opening a pull request is as good as being a maintainer.",
    *check(workflow) {
      if (!workflow.triggers.some((trigger) => trigger.event === "pull_request")) {
        return;
      }
      for (const job of workflow.jobs) {
        const value = pairOf(job.node, "permissions")?.value;
        for (const scope of isMap(value) ? (value as YAMLMap).items : []) {
          const name = isScalar(scope.key) ? String(scope.key.value) : "?";
          const level = isScalar(scope.value) ? scope.value.value : undefined;
          // Commenting is harmless where nothing of the pull request is checked out and run, as a called workflow may.
          const comments =
            name === "pull-requests" &&
            !job.node.has("uses") &&
            !job.steps.some((step) => step.uses?.startsWith("actions/checkout@"));
          if (level === "write" && name !== "security-events" && name !== "id-token" && !comments) {
            yield {
              job,
              node: scope.key,
              message: `'${name}: write' goes to a job that runs on pull_request.`,
              fix: "Move the job to a workflow that starts on push, or write with a narrowed App token in a job that runs no code of the pull request.",
            };
          }
        }
      }
    },
  },
];
