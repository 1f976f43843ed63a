// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { codeqlWorkflow } from "../gates/codeql/workflow";
import { dependencyCheckWorkflow } from "../gates/dependency-check/workflow";
import { gitleaksWorkflow } from "../gates/gitleaks/workflow";
import { licenseHeaderWorkflow } from "../gates/license-header/workflow";
import { trivyWorkflow } from "../gates/trivy/workflow";
import { workflowAuditWorkflow } from "../gates/workflow-audit/workflow";
import type { GateWorkflow } from "./gate-workflow";

/** The gates that need more than their record says, by id. */
export const GATE_WORKFLOWS: Readonly<Record<string, GateWorkflow>> = {
  codeql: codeqlWorkflow,
  "dependency-check": dependencyCheckWorkflow,
  gitleaks: gitleaksWorkflow,
  "license-header": licenseHeaderWorkflow,
  trivy: trivyWorkflow,
  "workflow-audit": workflowAuditWorkflow,
};
