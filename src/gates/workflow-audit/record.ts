// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";

/** Syntax and security of the workflows themselves. */
export const workflowAudit: GateRecord = {
  id: "workflow-audit",
  option: "workflowAudit",
  tool: "actionlint, zizmor",
  pins: ["actionlint", "zizmor"],
  scanner: true,
  findings: { actionlint: [{ exitCodes: [1] }] },
  starts: ["actionlint", "zizmor"],
  coverage: "Syntax and security of the workflows and of composite actions",
  controls: [],
  failsWhen: "actionlint or zizmor (pedantic) has a finding",
  remedy:
    "Change the workflow or action that the finding names. If your own is right as it is, add it to `workflows.workflowAudit.exceptions`, with a reason and a last day.",
  badge: false,
  required: true,
  exceptions: {
    scope: "finding-of-workflow",
    resources: false,
    examples: [{ id: "superfluous-actions", path: ".github/workflows/build.yml" }],
  },
  configuration: [{ path: ".github/scanners/zizmor.yml" }, { path: ".github/scanners/actionlint.yaml" }],
  defaults: {},
};
