// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { FindingSeverity } from "../../options/workflow-options";
import type { GateRecord } from "../gate-record";

/** Static analysis by tfsec's successor. */
export const trivy: GateRecord = {
  id: "trivy",
  option: "trivy",
  tool: "Trivy",
  pins: ["trivy"],
  scanner: true,
  findings: { trivy: [{ exitCodes: [1], output: /Failed to render Chart files/ }] },
  synthesizedFor: "Trivy",
  requiredJobs: ["trivy"],
  starts: ["trivy"],
  coverage: "Terraform security analysis by tfsec's successor",
  controls: ["CI-01"],
  failsWhen: "Trivy has a finding of `minimumSeverity`, or cannot render a chart",
  remedy:
    "Change the option or the construct that the finding names. If it is right as it is, add the finding to `workflows.trivy.exceptions`, with a reason and a last day.",
  badge: true,
  required: true,
  requiredAfter: "workflow-audit",
  severity: {
    flag: "--severity",
    words: {
      [FindingSeverity.LOW]: "LOW,MEDIUM,HIGH,CRITICAL",
      [FindingSeverity.MEDIUM]: "MEDIUM,HIGH,CRITICAL",
      [FindingSeverity.HIGH]: "HIGH,CRITICAL",
      [FindingSeverity.CRITICAL]: "CRITICAL",
    },
  },
  exceptions: {
    scope: "finding-or-path",
    resources: true,
    examples: [{ id: "AVD-AWS-0089" }, { id: "AVD-AWS-0090", path: "docs" }, { id: "*", path: "vendor" }],
  },
  configuration: [
    { path: ".github/scanners/trivy.yaml", lists: [{ key: ["scan", "skip-dirs"], of: "paths" }] },
    { path: ".github/scanners/trivyignore.yaml" },
  ],
  defaults: {},
};
