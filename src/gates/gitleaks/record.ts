// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";

/** Secrets in the history. */
export const gitleaks: GateRecord = {
  id: "gitleaks",
  option: "gitleaks",
  tool: "Gitleaks",
  pins: ["gitleaks"],
  scanner: true,
  findings: { gitleaks: [{ exitCodes: [1], output: /leaks found: [1-9]/ }] },
  starts: ["git", "gitleaks"],
  coverage: "Secret detection",
  controls: ["CI-04"],
  failsWhen: "a secret is in a file, in the commits of a change, or, weekly, anywhere in the history of the branch",
  remedy:
    "Revoke the secret first, because deleting it does not make it secret again. Then take it out of the commits of the branch (`git rebase --interactive`), or name the finding in `workflows.gitleaks.exceptions`.",
  badge: true,
  required: true,
  exceptions: {
    scope: "finding-or-path",
    resources: false,
    examples: [{ id: "generic-api-key", path: "docs/example.md" }, { id: "private-key" }, { id: "*", path: "vendor" }],
  },
  configuration: [{ path: ".github/scanners/gitleaks.toml" }],
  defaults: {},
};
