// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";

/** Retention periods that CloudWatch Logs accepts, in days. Source: API reference of PutRetentionPolicy. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Adds an issue if CloudWatch Logs does not accept the period. */
export function checkRetention(days: number | undefined, path: string, issues: IssueList): void {
  if (days !== undefined && !LOG_RETENTION_DAYS.includes(days)) {
    issues.add(
      path,
      days,
      "must be a retention period of CloudWatch Logs",
      `use one of ${LOG_RETENTION_DAYS.join(", ")}`,
    );
  }
}
