// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { compare } from "../comparison/compare";
import type { Decision } from "../comparison/decision";
import { inStyleOf } from "../files/line-endings";
import { parentProblem, UnsafePathError } from "../files/project-path";
import { commit, isInterrupted, recover } from "../store/journal";
import { LOCK_PATH } from "../store/lock-file";
import { withRunLock } from "../store/run-lock";
import { type ConflictSides, recordConflicts } from "./conflict-index";
import type { Outcome } from "./outcome";
import { type ApplyRequest, prepare } from "./plan";

/** Brings a project's directory to what is rendered. Writes nothing, and locks nothing, if it is there already. */
export function apply(request: ApplyRequest): Outcome {
  const { root, rendered, mode } = request;
  if (!isInterrupted(root)) {
    const plan = prepare(request, compare(root, rendered, mode, request.releases ?? []));
    if (plan.operations.length === 0 && !plan.lockChanged) {
      setModes(root, plan.decisions);
      return { ...plan, recovered: undefined, skipped: [], problems: [] };
    }
  }
  const platformDirectory = parentProblem(root, LOCK_PATH);
  if (platformDirectory !== undefined) {
    throw new UnsafePathError(LOCK_PATH, platformDirectory);
  }
  try {
    return withRunLock(root, () => write(request));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : new WriteError(error as Error);
  }
}

/** To be called under the run lock. */
function write(request: ApplyRequest): Outcome {
  const { root, rendered, mode } = request;
  const recovered = isInterrupted(root) ? recover(root).done : undefined;
  const plan = prepare(request, compare(root, rendered, mode, request.releases ?? []));
  const changes = plan.operations.length > 0 || plan.lockChanged;
  const skipped = changes ? commit(root, { operations: plan.operations, lock: plan.lock }) : [];
  setModes(root, plan.decisions);
  const problem = recordConflicts(root, conflicts(plan.decisions, skipped));
  return { ...plan, recovered, skipped, problems: problem === undefined ? [] : [problem] };
}

/** Thrown where the file system refuses to be written to. */
class WriteError extends ExplainedError {
  public constructor(cause: Error) {
    super(`${cause.message}; every file is whole, old or new, and once this is corrected, the next run does the rest`);
  }
}

function conflicts(decisions: readonly Decision[], skipped: readonly string[]): ConflictSides[] {
  return decisions.flatMap(({ path, conflictBase, before, base, mode }) =>
    conflictBase === undefined || before === undefined || base === undefined || skipped.includes(path)
      ? []
      : [
          {
            path,
            // As the merge saw them: otherwise every line would differ in a merge tool.
            base: inStyleOf(before, conflictBase),
            users: before,
            ours: inStyleOf(before, base),
            executable: (mode & 0o111) !== 0,
          },
        ],
  );
}

/** Modes of files whose content is right. A file system that has no modes, or another owner, is no reason to fail. */
function setModes(root: string, decisions: readonly Decision[]): void {
  for (const { path, action, mode } of decisions) {
    if (action === "chmod") {
      try {
        chmodSync(join(root, path), mode);
      } catch (error) {
        if (!["EPERM", "EROFS", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) {
          throw error;
        }
      }
    }
  }
}
