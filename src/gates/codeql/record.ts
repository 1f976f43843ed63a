// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";
import { SEVERITY_WORDS } from "../severity-words";

/** Semantic analysis of the code. */
export const codeql: GateRecord = {
  id: "codeql",
  option: "codeql",
  tool: "CodeQL",
  pins: [],
  scanner: true,
  starts: ["node"],
  coverage: "Semantic code analysis of TypeScript and of the workflows",
  controls: ["CI-03"],
  failsWhen: "CodeQL has a finding of `minimumSeverity`",
  remedy:
    "Change the code that the finding names. If it is right as it is, add the finding to `workflows.codeql.exceptions`, with a reason and a last day.",
  badge: true,
  required: true,
  codeSecurity: true,
  severity: { flag: "--minimum-severity", words: SEVERITY_WORDS },
  exceptions: {
    scope: "finding-else-path",
    resources: false,
    examples: [{ id: "js/unused-local-variable" }, { id: "*", path: "vendor" }],
  },
  configuration: [{ path: ".github/scanners/codeql.yml" }],
  defaults: {},
};
