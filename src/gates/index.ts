// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { checkov } from "./checkov/record";
import { codeql } from "./codeql/record";
import { dependencyCheck } from "./dependency-check/record";
import type { GateRecord } from "./gate-record";
import { gitleaks } from "./gitleaks/record";
import { licenseHeader } from "./license-header/record";
import { policy } from "./policy/record";
import { syncCheck } from "./sync-check/record";
import { tfsec } from "./tfsec/record";
import { trivy } from "./trivy/record";
import { workflowAudit } from "./workflow-audit/record";

/** Every gate there is. What lists gates derives from this list and keeps its order; a new gate goes to the end. */
export const GATES: readonly GateRecord[] = [
  policy,
  tfsec,
  trivy,
  checkov,
  codeql,
  gitleaks,
  dependencyCheck,
  licenseHeader,
  workflowAudit,
  syncCheck,
];

/** Names of the gates in a sentence: "tfsec, Trivy or Checkov". */
export function toolNames(gates: readonly GateRecord[]): string {
  const names = gates.map(({ tool }) => tool);
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
