// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, isSeq, type YAMLMap } from "yaml";
import { type PinTable, repositoryOfAction } from "../workflow-rules/pin-table";
import type { WorkflowDocument } from "./workflow-document";

/** Where the program is unpacked. */
const DIRECTORY = "$RUNNER_TEMP/bin";

/** A program that a set-up action would install by its version alone. */
interface Program {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly sha256: string;
  readonly archive: string;
}

/**
 * Lets jobs install programs by checksum where the workflow files set them up by an action, which compares nothing. The
 * table of pins knows the archive and its hash; a version that it does not know stays with the action.
 *
 * The program comes first on the PATH of the scripts that follow: what a step writes to GITHUB_PATH would reach actions too.
 */
export function installByChecksum(workflow: WorkflowDocument, pins: PinTable): void {
  for (const id of workflow.jobIds()) {
    const steps = workflow.job(id).get("steps");
    let isInstalled = false;
    for (const [index, step] of (isSeq(steps) ? (steps.items as YAMLMap[]) : []).entries()) {
      const program = programOf(step, pins);
      if (program !== undefined && isSeq(steps)) {
        steps.items[index] = installStep(workflow, program);
        isInstalled = true;
      } else if (isInstalled) {
        putOnPath(workflow, step);
      }
    }
  }
}

function programOf(step: YAMLMap, pins: PinTable): Program | undefined {
  const action = repositoryOfAction(String(step.get("uses") ?? "").split("@")[0] ?? "");
  const installs = pins.actions[action]?.installs;
  const pin = installs && pins.tools[installs.tool];
  if (installs === undefined || pin?.sha256 === undefined || pin.archive === undefined) {
    return undefined;
  }
  const isPinned = step.getIn(["with", installs.input]) === `${installs.prefix}${pin.version}`;
  const title = String(step.get("name")).replace(/^Set up /, "");
  return isPinned
    ? { name: installs.tool, title, version: pin.version, sha256: pin.sha256, archive: pin.archive }
    : undefined;
}

function installStep(workflow: WorkflowDocument, { name, title, version, sha256, archive }: Program): YAMLMap {
  return workflow.document.createNode({
    name: `Install ${title}`,
    env: { VERSION: version, SHA256: sha256 },
    run: `set -euo pipefail
curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$RUNNER_TEMP/download" \\
  "${archive.replaceAll("{version}", "${VERSION}")}"
echo "$SHA256  $RUNNER_TEMP/download" | sha256sum --check --strict
unzip -q -o "$RUNNER_TEMP/download" ${name} -d "${DIRECTORY}"
`,
  }) as YAMLMap;
}

function putOnPath(workflow: WorkflowDocument, step: YAMLMap): void {
  const run = step.get("run", true);
  if (isScalar(run)) {
    const script = String(run.value).replace(/^set -euo pipefail\n/, "");
    const lines = ["set -euo pipefail", `export PATH="${DIRECTORY}:$PATH"`, script.trimEnd()];
    step.set("run", workflow.document.createNode(`${lines.join("\n")}\n`));
  }
}
