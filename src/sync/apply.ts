// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { baseOperations } from "./base-store";
import { blockBody } from "./block-text";
import { type Comparison, compare, resolveMerge } from "./compare";
import { type ConflictSides, recordConflicts } from "./conflict-index";
import { sha256 } from "./content-hash";
import type { Decision } from "./decision";
import { commit, isInterrupted, type Operation, recover } from "./journal";
import { inStyleOf } from "./line-endings";
import { formatLock, LOCK_PATH, type Lock, type LockEntry } from "./lock-file";
import { parentProblem, UnsafePathError } from "./project-path";
import type { RenderedFile } from "./rendered-file";
import { downgradeNotes } from "./report";
import { withRunLock } from "./run-lock";
import { asidePath, saveEdit } from "./saved-edit";

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
  /** Whether a run that had died half-way was finished first. */
  readonly recovered: boolean;
  /** Files that changed while this run looked at them, and were left alone. */
  readonly skipped: readonly string[];
  /** What went wrong without harm to any file. */
  readonly problems: readonly string[];
}

/** A file that is written only if nothing lies there, and is not tracked. */
export interface FirstFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** What is to be applied. */
export interface ApplyRequest {
  readonly root: string;
  readonly version: string;
  readonly mode: "regenerate" | "update";
  readonly rendered: ReadonlyMap<string, RenderedFile>;
  readonly first: readonly FirstFile[];
}

/** Brings a project's directory to what is rendered. Writes nothing, and locks nothing, if it is there already. */
export function apply(request: ApplyRequest): Outcome {
  const { root, rendered, mode } = request;
  if (!isInterrupted(root)) {
    const plan = prepare(request, compare(root, rendered, mode));
    if (plan.operations.length === 0 && !plan.lockChanged) {
      setModes(root, plan.decisions);
      return { ...plan, recovered: false, skipped: [], problems: [] };
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
  const recovered = isInterrupted(root);
  if (recovered) {
    recover(root);
  }
  const plan = prepare(request, compare(root, rendered, mode));
  const changes = plan.operations.length > 0 || plan.lockChanged;
  const skipped = changes
    ? commit(root, { operations: plan.operations, generator: plan.generator, entries: plan.entries })
    : [];
  setModes(root, plan.decisions);
  const problem = recordConflicts(root, conflicts(plan.decisions, skipped));
  const problems = [
    ...downgradeNotes(plan.previousGenerator, request.version),
    ...(problem === undefined ? [] : [problem]),
  ];
  return { ...plan, recovered, skipped, problems };
}

/** Thrown where the file system refuses to be written to. */
class WriteError extends ExplainedError {
  public constructor(cause: Error) {
    super(`${cause.message}; every file is whole, old or new, and once this is corrected, the next run does the rest`);
  }
}

/** Everything that a comparison leads to, before any of it is done. */
export interface Plan {
  readonly decisions: readonly AppliedDecision[];
  readonly operations: readonly Operation[];
  readonly generator: string;
  readonly entries: ReadonlyMap<string, LockEntry>;
  readonly lockChanged: boolean;
  readonly previousGenerator: string | undefined;
}

/** Turns decisions into operations and the next lock. */
export function prepare(request: ApplyRequest, comparison: Comparison): Plan {
  const { root, version, rendered } = request;
  const { lock, lockText } = comparison;
  const saves: Operation[] = [];
  const deletions: Operation[] = [];
  const changes: Operation[] = [];
  const decisions = comparison.decisions.map((classified): AppliedDecision => {
    const decision = request.mode === "update" ? resolveMerge(root, lock, classified, version) : classified;
    const { path, action, before, after, mode } = decision;
    const expected = before === undefined ? "absent" : sha256(before);
    let saved: string | undefined;
    let savedIn: string | undefined;
    if (action === "save-and-write" && before !== undefined && after !== undefined) {
      const save = saveEdit(root, path, before, after, version);
      saved = save.path;
      if (save.operation !== undefined) {
        saves.push(save.operation);
        savedIn = save.path;
      }
    } else if (action === "move-and-write") {
      saved = asidePath(root, path);
      saves.push({ type: "move", path, to: saved });
    }
    if (action === "delete") {
      deletions.push({ type: "delete", path, before: expected });
    } else if (after !== undefined && action !== "keep" && action !== "none") {
      changes.push({
        type: "write",
        path,
        content: after,
        mode,
        before: action === "move-and-write" ? "absent" : expected,
        savedIn,
      });
    }
    return { ...decision, saved };
  });
  for (const { path, content, mode } of request.first) {
    if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined) {
      changes.push({ type: "write", path, content, mode, before: "absent" });
    }
  }
  const { entries, bases } = nextLock(decisions, rendered, lock, version);
  const store = baseOperations(root, entries, bases);
  return {
    decisions,
    // Deletions come before writes: a file may give way to a directory of its name, or a directory to a file.
    operations: [...saves, ...store.write, ...deletions, ...changes, ...store.remove],
    generator: version,
    entries,
    lockChanged: lockText !== formatLock(version, entries),
    previousGenerator: lockText === undefined ? undefined : lock.generator,
  };
}

/** The lock that describes the project once the decisions are carried out, and the content behind its hashes. */
export function nextLock(
  decisions: readonly Decision[],
  rendered: ReadonlyMap<string, RenderedFile>,
  lock: Lock,
  version: string,
): { readonly entries: ReadonlyMap<string, LockEntry>; readonly bases: ReadonlyMap<string, Buffer> } {
  const entries = new Map<string, LockEntry>();
  const bases = new Map<string, Buffer>();
  for (const decision of decisions) {
    const { path } = decision;
    const render = rendered.get(path);
    const old = lock.files.get(path);
    if (decision.lock === "drop" || render === undefined) {
      continue;
    }
    const content = render.ownership === "block" ? blockBody(render.content) : render.content;
    const base = decision.lock === "record" ? (decision.base ?? content) : content;
    const hash = sha256(base);
    bases.set(hash, base);
    if (decision.lock === "hold") {
      if (old !== undefined) {
        entries.set(path, old);
      }
      continue;
    }
    const mode = render.ownership === "managed" ? render.mode : render.mode & 0o111 ? 0o755 : 0o644;
    entries.set(path, {
      class: render.ownership,
      component: render.component,
      version: old?.sha256 === hash ? old.version : version,
      sha256: hash,
      mode: mode.toString(8),
    });
  }
  return { entries, bases };
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
