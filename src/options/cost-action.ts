// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What happens where an environment may cost more than its limit, or where nobody can say what it costs. */
export enum CostAction {
  /** `npx projen` says so, and so does the summary of a plan. */
  WARN = "warn",
  /** `npx projen` fails and writes nothing, and so does the job that summarizes a plan. */
  DENY = "deny",
}
