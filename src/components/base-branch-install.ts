// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isSeq, type YAMLMap } from "yaml";
import type { WorkflowDocument } from "./workflow-document";

/** How the workflow files install; linters and readers see the plain command there. */
const PLAIN_INSTALL = "npm ci --ignore-scripts";

const SCRIPT = "scripts/install-dependencies.mjs";

/** The base's copy of the script decides, where the base has one: a pull request would change its own judge. */
const COMPARED_INSTALL = `set -euo pipefail
judge=HEAD
if git cat-file -e HEAD^1:${SCRIPT} 2> /dev/null; then judge=HEAD^1; fi
git show "$judge:${SCRIPT}" > "$RUNNER_TEMP/install-dependencies.mjs"
node "$RUNNER_TEMP/install-dependencies.mjs"
`;

/**
 * Lets every job that installs packages compare with the base branch first what the change does to npm. For that the
 * commit before is checked out too.
 */
export function compareBeforeInstall(workflow: WorkflowDocument): void {
  for (const id of workflow.jobIds()) {
    const installs = workflow.steps(id).filter((step) => step.get("run") === PLAIN_INSTALL);
    for (const step of installs) {
      step.set("run", workflow.document.createNode(COMPARED_INSTALL));
    }
    if (installs.length > 0) {
      fetchBase(workflow, workflow.job(id));
    }
  }
}

function fetchBase(workflow: WorkflowDocument, job: YAMLMap): void {
  const steps = job.get("steps");
  const checkouts = isSeq(steps)
    ? steps.items.filter(isMap).filter((step) => String(step.get("uses") ?? "").startsWith("actions/checkout@"))
    : [];
  for (const checkout of checkouts as YAMLMap[]) {
    if (!checkout.hasIn(["with", "fetch-depth"])) {
      workflow.set(checkout, ["with", "fetch-depth"], 2);
    }
  }
}
