// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";
import { checkovPath } from "./checkov-path";

/** Policies on infrastructure as code. */
export const checkov: GateRecord = {
  id: "checkov",
  option: "checkov",
  tool: "Checkov",
  pins: ["checkov"],
  scanner: true,
  findings: {
    checkov: [{ exitCodes: [1], output: /cannot be rendered, so no scanner sees it|Checkov skips this chart/ }],
  },
  synthesizedFor: "Checkov",
  requiredJobs: ["checkov"],
  starts: ["docker", "node"],
  coverage: "Infrastructure-as-code policy scanning",
  controls: ["CI-02"],
  failsWhen: "Checkov has a finding, would skip a chart, or cannot render one",
  remedy:
    "Change the option, the construct or the chart that the finding names. If it is right as it is, add the finding to `workflows.checkov.exceptions`, with a reason and a last day.",
  badge: true,
  required: true,
  exceptions: {
    scope: "finding-else-path",
    resources: true,
    examples: [{ id: "CKV_AWS_18" }, { id: "*", path: "vendor" }],
  },
  configuration: [
    {
      path: ".github/scanners/checkov.yml",
      lists: [
        { key: ["skip-check"], of: "ids" },
        { key: ["skip-path"], of: "paths", written: checkovPath },
      ],
    },
  ],
  defaults: {},
};
