// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { repositoryOfAction } from "../pin-table";
import { type WorkflowFinding, type WorkflowRule, steps } from "../rule";
import { calledFile, mapOf, textOf, type WorkflowView } from "../workflow-view";

const COMMIT = /^[0-9a-f]{40}$/;
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** `uses` of steps and of jobs that call a reusable workflow, split at the `@`. */
function* references(workflow: WorkflowView) {
  for (const job of workflow.jobs) {
    const called = textOf(job.node, "uses");
    if (called !== undefined) {
      yield { job, step: undefined, comment: undefined, ...split(called) };
    }
  }
  for (const { job, step } of steps(workflow)) {
    if (step.uses !== undefined) {
      yield { job, step, comment: step.usesComment, ...split(step.uses) };
    }
  }
}

function split(uses: string): { uses: string; action: string; ref: string | undefined; kind: Kind } {
  const at = uses.lastIndexOf("@");
  const kind = uses.startsWith("docker://") ? "image" : /^[.$]\//.test(uses) ? "local" : "action";
  return { uses, kind, action: at < 0 ? uses : uses.slice(0, at), ref: at < 0 ? undefined : uses.slice(at + 1) };
}
type Kind = "image" | "local" | "action";

/** Where each image that the workflow runs stands. */
function* images(workflow: WorkflowView): Generator<WorkflowFinding & { image: string }> {
  for (const job of workflow.jobs) {
    const container = job.node.get("container");
    const image = typeof container === "string" ? container : textOf(mapOf(job.node, "container") ?? job.node, "image");
    // An action that runs in a container names its image so, or a file that builds it.
    if (image !== undefined && !/(^|\/)Dockerfile[^/]*$/.test(image)) {
      yield { job, image: image.replace(/^docker:\/\//, ""), message: "", fix: "" };
    }
    for (const service of mapOf(job.node, "services")?.items ?? []) {
      const serviceImage = textOf(service.value as never, "image");
      if (serviceImage !== undefined) {
        yield { job, image: serviceImage, message: "", fix: "" };
      }
    }
  }
  for (const { job, step } of steps(workflow)) {
    if (step.uses?.startsWith("docker://")) {
      yield { job, step, image: step.uses.slice("docker://".length), message: "", fix: "" };
    }
    // Images that a step runs are named in its environment, never inside the script.
    for (const entry of mapOf(step.node, "env")?.items ?? []) {
      const name = String((entry.key as { value: unknown }).value);
      const value = String((entry.value as { value?: unknown } | null)?.value ?? "");
      if (/(^|_)IMAGE$/.test(name) && !value.includes("${{")) {
        yield { job, step, image: value, message: "", fix: "" };
      }
    }
  }
}

export const pinRules: readonly WorkflowRule[] = [
  {
    id: "pin-action",
    title: "Every action is pinned to a full commit SHA.",
    reason: "A tag can be moved to hostile code, as in the tj-actions and Trivy incidents; a commit cannot.",
    *check(workflow) {
      for (const { job, step, uses, ref, kind, action } of references(workflow)) {
        if (kind === "action" && !COMMIT.test(ref ?? "")) {
          yield {
            job,
            step,
            message: `'${uses}' is not pinned to a commit.`,
            fix: `Write 'uses: ${action}@<40 hexadecimal digits> # vX.Y.Z'.`,
          };
        }
      }
    },
  },
  {
    id: "pin-version-comment",
    title: "Each pin has its exact version as a comment.",
    reason: "Nobody can review 40 hexadecimal digits; the comment is what update bots and readers go by.",
    *check(workflow) {
      for (const { job, step, uses, ref, kind, comment } of references(workflow)) {
        if (step && kind === "action" && COMMIT.test(ref ?? "") && !/^v?\d+\.\d+\.\d+$/.test(comment ?? "")) {
          yield {
            job,
            step,
            message: `'${uses}' has no exact version next to it${comment ? ` but '# ${comment}'` : ""}.`,
            fix: "End the line with '# vX.Y.Z', the release that the commit is.",
          };
        }
      }
    },
  },
  {
    id: "pin-known",
    title: "Every action and its commit are in the table of pins.",
    reason:
      "A commit of a fork can be reached through the original's name (impostor commit); only a reviewed list excludes it. It also catches look-alike names.",
    *check(workflow, { pins }) {
      for (const { job, step, uses, action, ref, kind, comment } of references(workflow)) {
        if (kind !== "action" || !COMMIT.test(ref ?? "")) {
          continue;
        }
        const name = repositoryOfAction(action);
        const pin = pins.actions[name];
        if (pin === undefined) {
          yield {
            job,
            step,
            message: `'${name}' is not in the table of pins.`,
            fix: `Review the action and add it: actionPins: { "${name}": { version: "${comment ?? "vX.Y.Z"}", sha: "${ref}" } }.`,
          };
        } else if (pin.sha !== ref) {
          yield {
            job,
            step,
            message: `'${uses}' is not the commit of the table, ${pin.sha} (${pin.version}).`,
            fix: `Use '${action}@${pin.sha} # ${pin.version}', or change the pin through actionPins.`,
          };
        } else if (comment !== undefined && comment !== pin.version) {
          yield {
            job,
            step,
            message: `The comment next to '${uses}' says ${comment}, but the commit is ${pin.version}.`,
            fix: `Write '# ${pin.version}'.`,
          };
        }
      }
    },
  },
  {
    id: "pin-image",
    title: "Every image is named by digest.",
    reason: "An image tag moves as a git tag does.",
    *check(workflow) {
      for (const { image, job, step } of images(workflow)) {
        if (!DIGEST.test(image)) {
          yield { job, step, message: `Image '${image}' has no digest.`, fix: `Write '${image}@sha256:<digest>'.` };
        }
      }
    },
  },
  {
    id: "no-local-action",
    title:
      "No action is called by path, and no workflow but one of the repository's own: ./.github/workflows/NAME.yml.",
    reason:
      "An action's path runs whatever the checked-out revision contains; a called workflow comes from the caller's own commit. Linters disagree on the spelling '$/', and GitHub Enterprise Server does not know it.",
    *check(workflow, { workflowAt }) {
      for (const { job, step, uses, kind } of references(workflow)) {
        if (kind !== "local") {
          continue;
        }
        const called = step === undefined ? calledFile(job) : undefined;
        if (called === undefined) {
          const fix =
            step === undefined
              ? "Write './.github/workflows/NAME.yml', a workflow of this repository."
              : "Write the steps here, or put them in a script.";
          yield { job, step, message: `'${uses}' is a path.`, fix };
        } else if (workflowAt !== undefined && workflowAt(called) === undefined) {
          const fix = "Add the file, or call another: GitHub starts no run of a workflow that calls a missing file.";
          yield { job, message: `'${uses}' does not exist.`, fix };
        }
      }
    },
  },
];
