// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { FindingSeverity } from "../../options/workflow-options";
import type { GateRecord } from "../gate-record";
import { SEVERITY_WORDS } from "../severity-words";
import { spdxId } from "../spdx-id";

interface DependencyCheckSettings {
  /** Undefined: as the repository has Code Security. */
  readonly dependencyReview: boolean | undefined;
  readonly allowLicenses: readonly string[];
}

/** Vulnerable dependencies, and new ones. */
export const dependencyCheck: GateRecord<DependencyCheckSettings> = {
  id: "dependency-check",
  option: "dependencyCheck",
  tool: "Dependency Check",
  pins: ["osv-scanner"],
  scanner: true,
  findings: {
    "npm-signatures": [{ exitCodes: [1], output: /(invalid|missing) (registry signature|attestation)/ }],
  },
  starts: ["osv-scanner", "npm", "node"],
  coverage: "Known vulnerabilities and registry signatures; new dependencies, with GitHub Code Security",
  controls: ["CI-05"],
  failsWhen: "a dependency has a known vulnerability, a pull request adds one, a registry signature is wrong",
  remedy:
    "Move `package-lock.json` to a version without the vulnerability that has cooled down: `npm update NAME --package-lock-only --ignore-scripts`, or wait for the weekly upgrade, if the repository has its workflow. If there is no fix, use `workflows.dependencyCheck.exceptions`, for a limited time. For a registry that signs nothing, use `workflows.registriesWithoutSignatures`.",
  badge: false,
  required: true,
  // GitHub's dependency review has a word of its own.
  severity: { words: { ...SEVERITY_WORDS, [FindingSeverity.MEDIUM]: "moderate" } },
  exceptions: { scope: "finding", resources: false, examples: [{ id: "GHSA-aaaa-bbbb-cccc" }] },
  configuration: [{ path: ".github/scanners/osv-scanner.toml" }],
  defaults: { dependencyReview: undefined, allowLicenses: [] },
  patterns: { allowLicenses: spdxId("MIT") },
};
