// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type Comparison, resolveMerge } from "../comparison/compare";
import type { Decision } from "../comparison/decision";
import { MERGED_BY_GIT } from "../comparison/classify";
import { isGitsMerge } from "../comparison/gits-merge";
import { blockBody } from "../files/block-text";
import { sha256 } from "../files/content-hash";
import type { RenderedFile } from "../files/rendered-file";
import { baseOperations } from "../store/base-store";
import { formatLock, type Lock, type LockContent, type LockEntry } from "../store/lock-file";
import type { Operation } from "../store/operation";
import type { AppliedDecision } from "./outcome";
import { asidePath, saveEdit } from "./saved-edit";

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
  /** Ids of the migrations that lead to this version, oldest first. */
  readonly migrations: readonly string[];
  readonly mode: "regenerate" | "update";
  readonly rendered: ReadonlyMap<string, RenderedFile>;
  readonly first: readonly FirstFile[];
  /** Patterns of the option `release`. Default: none. */
  readonly releases?: readonly string[];
}

/** Everything that a comparison leads to, before any of it is done. */
export interface Plan {
  readonly decisions: readonly AppliedDecision[];
  readonly operations: readonly Operation[];
  readonly lock: LockContent;
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
      if (lock.files.has(path) && isGitsMerge(root, path, before)) {
        changes.push({ type: "write", path, content: after, mode, before: expected });
        return { ...decision, state: "updated", action: "write", note: MERGED_BY_GIT };
      }
      const save = saveEdit(root, path, decision.edit ?? before, after, version);
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
  const { ownFiles } = comparison;
  const next = { generator: version, migrations: request.migrations, files: entries, ownFiles };
  const store = baseOperations(root, entries, bases);
  return {
    decisions,
    // Deletions come before writes: a file may give way to a directory of its name, or a directory to a file.
    operations: [...saves, ...store.write, ...deletions, ...changes, ...store.remove],
    lock: next,
    lockChanged: lockText !== formatLock(next),
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
      options: render.options?.length ? render.options : undefined,
    });
  }
  return { entries, bases };
}
