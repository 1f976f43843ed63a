// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { FindingSeverity } from "../../options/workflow-options";
import type { GateRecord } from "../gate-record";

/** Static analysis of the stacks. */
export const tfsec: GateRecord = {
  id: "tfsec",
  option: "tfsec",
  tool: "tfsec",
  pins: ["tfsec"],
  scanner: true,
  synthesizedFor: "tfsec",
  requiredJobs: ["tfsec"],
  starts: ["tfsec"],
  coverage: "Terraform security analysis",
  controls: ["CI-01"],
  failsWhen: "tfsec has a finding of `minimumSeverity`, or crashes",
  remedy:
    "Change the option or the construct that the finding names. If it is right as it is, add the finding to `workflows.tfsec.exceptions`, with a reason and a last day.",
  badge: true,
  required: true,
  severity: {
    flag: "--minimum-severity",
    words: {
      [FindingSeverity.LOW]: "LOW",
      [FindingSeverity.MEDIUM]: "MEDIUM",
      [FindingSeverity.HIGH]: "HIGH",
      [FindingSeverity.CRITICAL]: "CRITICAL",
    },
  },
  exceptions: { scope: "finding", resources: true, examples: [{ id: "aws-s3-enable-bucket-logging" }] },
  configuration: [{ path: ".github/scanners/tfsec.yml", lists: [{ key: ["exclude"], of: "ids" }] }],
  defaults: {},
};
