// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { editDistance } from "../../edit-distance";
import data from "../action-lists.json";
import { repositoryOfAction } from "../pin-table";
import { type WorkflowRule, steps } from "../rule";
import { mapOf, textOf } from "../workflow-view";

const WRITES_RELEASE =
  /\b(npm|pnpm|yarn) publish\b|\bgh release create\b|\bterraform apply\b|\bterraform-apply\b|\bdocker push\b|\bhelm push\b/;

export const actionRules: readonly WorkflowRule[] = [
  {
    id: "action-look-alike",
    title: "No action's name is one slip away from a well-known one.",
    reason: "Attackers register names such as 'action/checkout' and 'actions/chekout', and wait for the slip.",
    *check(workflow, { pins }) {
      const known = [...new Set([...data.popular, ...Object.keys(pins.actions)])];
      for (const { job, step } of steps(workflow)) {
        const name = repositoryOfAction(step.uses?.split("@")[0] ?? "");
        if (step.uses === undefined || !name.includes("/") || /^(docker:|[.$])/.test(name) || known.includes(name)) {
          continue;
        }
        const near = known.find((candidate) => editDistance(candidate.toLowerCase(), name.toLowerCase()) <= 1);
        if (near) {
          yield {
            job,
            step,
            message: `'${name}' looks like '${near}'.`,
            fix: `Write '${near}' if that is what you mean.`,
          };
        }
      }
    },
  },
  {
    id: "action-refused",
    title: "No action is used that is archived, cannot fail, or does what a shell line does.",
    reason: "Archived actions get no fixes; some scanners' actions never fail; each action is one more thing to trust.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        const name = repositoryOfAction(step.uses?.split("@")[0] ?? "");
        const refused = (data.refused as Record<string, { why: string; instead: string }>)[name];
        if (refused) {
          yield { job, step, message: `'${name}' ${refused.why}.`, fix: refused.instead };
        }
      }
    },
  },
  {
    id: "action-tool-version",
    title: "An action that installs a program is given the version.",
    reason: "Without it the action installs whatever is newest that day, pin or no pin.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        const name = repositoryOfAction(step.uses?.split("@")[0] ?? "");
        const input = (data.versionInputs as Record<string, string>)[name];
        if (input && (!step.with.get(input) || /^(latest|stable|\*)$/.test(step.with.get(input) ?? ""))) {
          yield {
            job,
            step,
            message: `'${name}' is not given a version to install.`,
            fix: `Set '${input}:' to an exact version.`,
          };
        }
      }
    },
  },
  {
    id: "action-misfeature",
    title: "No feature is used that its maintainers advise against.",
    reason:
      "setup-python's pip-install takes unlocked packages; cmd has no strict mode; Terraform's wrapper hides exit codes.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        if (step.uses?.startsWith("actions/setup-python@") && step.with.has("pip-install")) {
          yield {
            job,
            step,
            message: "'pip-install' installs unlocked packages.",
            fix: "Install with --require-hashes in a step.",
          };
        }
        if (textOf(step.node, "shell") === "cmd") {
          yield { job, step, message: "The shell is cmd.", fix: "Use bash." };
        }
        if (step.uses?.startsWith("hashicorp/setup-terraform@") && step.with.get("terraform_wrapper") !== "false") {
          yield {
            job,
            step,
            message: "Terraform's wrapper returns 0 where Terraform returns 2.",
            fix: "Set 'terraform_wrapper: false'.",
          };
        }
      }
    },
  },
  {
    id: "cache-with-credentials",
    title: "A job that deploys or publishes restores no cache.",
    reason: "A cache can be poisoned from a pull request and is unpacked next to the credentials.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        const privileged =
          job.node.has("environment") ||
          mapOf(job.node, "permissions")?.get("id-token") === "write" ||
          job.steps.some(
            (step) => WRITES_RELEASE.test(step.run ?? "") || /create-github-app-token@/.test(step.uses ?? ""),
          );
        if (!privileged) {
          continue;
        }
        for (const step of job.steps) {
          const setupNode = step.uses?.startsWith("actions/setup-node@");
          const cached =
            step.uses?.startsWith("actions/cache@") ||
            (setupNode && step.with.get("package-manager-cache") !== "false") ||
            (/^actions\/setup-(go|python|java)@/.test(step.uses ?? "") &&
              step.with.get("cache") !== "false" &&
              (step.with.has("cache") || step.uses?.startsWith("actions/setup-go@")));
          if (cached) {
            yield {
              job,
              step,
              message: "The job has credentials and restores a cache.",
              fix: setupNode ? "Set 'package-manager-cache: false'." : "Set 'cache: false', or remove the step.",
            };
          }
        }
      }
    },
  },
];
