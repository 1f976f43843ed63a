// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { leftOver } from "../sync/store/journal";
import { JOURNAL_DIRECTORY } from "../sync/store/journal-file";
import { MADE_PATHS, STATE_PATHS, trackedProblem, trackedState } from "../sync/store/tracked-state";
import { ExitCode } from "./exit-code";

/** What earlier runs left, and what that means for a check. */
export interface LeftOvers {
  readonly notes: readonly string[];
  readonly code: ExitCode;
}

/** Looks for a journal that is to be finished, and for what no run of this user's left. Reads only. */
export function leftOvers(cwd: string): LeftOvers {
  const tracked = trackedState(cwd, [...STATE_PATHS, ...MADE_PATHS]);
  const journal = leftOver(cwd);
  const refused = [
    ...tracked.map(trackedProblem),
    ...(journal.kind === "refused" && !tracked.includes(JOURNAL_DIRECTORY) ? [journal.problem] : []),
  ];
  if (refused.length > 0) {
    return { notes: refused, code: ExitCode.CONFLICT };
  }
  return journal.kind === "unfinished"
    ? { notes: ['a run was interrupted; "npx projen" finishes it'], code: ExitCode.OUTDATED }
    : { notes: [], code: ExitCode.CLEAN };
}
