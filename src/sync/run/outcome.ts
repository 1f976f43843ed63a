// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Decision } from "../comparison/decision";

/** What was done to one file. */
export interface AppliedDecision extends Decision {
  /** Where the user's version was saved, if it was. */
  readonly saved?: string;
}

/** What a run did. */
export interface Outcome {
  readonly decisions: readonly AppliedDecision[];
  /** Version of the run before; undefined for the first. */
  readonly previousGenerator: string | undefined;
  /** What was done to finish a run that had died half-way, a line for each path; undefined if there was none. */
  readonly recovered: readonly string[] | undefined;
  /** Files that changed while this run looked at them, and were left alone. */
  readonly skipped: readonly string[];
  /** What went wrong without harm to any file. */
  readonly problems: readonly string[];
}
