// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import { HardenRunner } from "../options/workflow-options";
import type { AdjustmentContext } from "./adjustment-context";
import { assert, type WorkflowDocument } from "./workflow-document";

/**
 * At its pinned version harden-runner goes on with an audit when GitHub's cache does not answer, and installs nothing in a
 * private repository without its paid tier. Its agent's configuration tells what it came to.
 */
const NETWORK_CHECK = {
  name: "Refuse a network that is not blocked",
  run: `set -euo pipefail
if ! grep --quiet '"egress_policy":"block"' /home/agent/agent.json || [[ ! -e /home/agent/agent.status ]]; then
  echo "::error::harden-runner does not block this job's network; its log above says why."
  exit 1
fi
`,
};

/** Each job on a machine of GitHub begins by watching, or blocking, the machine's network. */
export function addHardenRunner(workflow: WorkflowDocument, { settings, pins }: AdjustmentContext): void {
  if (settings.hardenRunner === HardenRunner.OFF) {
    return;
  }
  const action = "step-security/harden-runner";
  const pin = pins.actions[action];
  assert(pin !== undefined, `the table of pins has no ${action}`);
  for (const id of workflow.jobIds()) {
    const job = workflow.job(id);
    const labels = job.get("runs-on");
    const steps = job.get("steps");
    // It needs root on the machine; a private runner's network is the owner's to watch.
    if (
      !isSeq(steps) ||
      (isSeq(labels) && labels.items.some((label) => isScalar(label) && label.value === "self-hosted"))
    ) {
      continue;
    }
    const step = workflow.document.createNode({
      name: "Watch the runner's network",
      uses: `${action}@${pin.sha}`,
      with: {
        "egress-policy": settings.hardenRunner,
        ...(settings.hardenRunner === HardenRunner.BLOCK
          ? { "allowed-endpoints": settings.hardenRunnerEndpoints.join(" ") }
          : {}),
      },
    }) as YAMLMap;
    (step.get("uses", true) as Scalar).comment = ` ${pin.version}`;
    // scorecard.dev takes no results of a job with a script.
    const mayCheck = !(workflow.name === "scorecard" && settings.publishScorecard);
    const isBlocking = settings.hardenRunner === HardenRunner.BLOCK && mayCheck;
    steps.items.unshift(step, ...(isBlocking ? [workflow.document.createNode(NETWORK_CHECK)] : []));
  }
}
