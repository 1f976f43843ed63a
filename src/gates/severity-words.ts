// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { FindingSeverity } from "../options/workflow-options";

/** The severities as most tools say them. */
export const SEVERITY_WORDS = {
  [FindingSeverity.LOW]: "low",
  [FindingSeverity.MEDIUM]: "medium",
  [FindingSeverity.HIGH]: "high",
  [FindingSeverity.CRITICAL]: "critical",
} as const;
