// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readBase } from "../store/base-store";
import { classify } from "./classify";
import type { Decision } from "./decision";
import { type DiskFile, readDiskFile } from "../files/disk-file";
import { FOREIGN_NOTE, foreignFiles } from "../files/owned-directories";
import { keepsModes } from "../files/same-content";
import { LOCK_PATH, type Lock, readLock } from "../store/lock-file";
import type { RenderedFile } from "../files/rendered-file";
import { refuseSparseCheckout } from "./sparse-checkout";
import { threeWayMerge } from "./three-way-merge";

/** A project's directory, lock and render, compared. */
export interface Comparison {
  readonly lock: Lock;
  /** The lock as it lies on disk; undefined if there is none. */
  readonly lockText: string | undefined;
  readonly decisions: readonly Decision[];
  /** Files of the user's own in directories that are otherwise generated. */
  readonly ownFiles: readonly string[];
  /** What lies at each path that is, or was, generated. */
  readonly disks: ReadonlyMap<string, DiskFile>;
}

/**
 * Decides for every file that is, or was, generated. Reads only.
 * @param releases patterns of the option `release`
 * @throws ExplainedError in a sparse checkout without a generated file
 */
export function compare(
  root: string,
  rendered: ReadonlyMap<string, RenderedFile>,
  mode: "regenerate" | "update",
  releases: readonly string[],
): Comparison {
  const { lock, text } = readLock(root);
  const known = new Set<string>();
  const paths = [...new Set([...rendered.keys(), ...lock.files.keys()])].sort();
  const disks = new Map(paths.map((path) => [path, readDiskFile(root, path, known)]));
  const modesMean = keepsModes(modesOf(disks, rendered));
  const decide = (path: string, disk: DiskFile): Decision =>
    classify({
      keepsModes: modesMean,
      path,
      disk,
      lock: lock.files.get(path),
      alsoOurs: lock.alternatives.get(path) ?? [],
      render: rendered.get(path),
      mode,
    });
  refuseSparseCheckout(
    root,
    paths.filter((path) => lock.files.has(path) && disks.get(path)?.kind === "absent"),
  );
  const decisions = paths.map((path) => decide(path, disks.get(path) as DiskFile));
  const deleted = decisions.filter(({ action }) => action === "delete").map(({ path }) => path);
  const foreign = foreignFiles(root, new Map(decisions.map(({ path, class: owner }) => [path, owner])), releases);
  return {
    lock,
    lockText: text,
    ownFiles: foreign.released,
    disks,
    decisions: [
      ...decisions.map((decision) =>
        decision.state === "obstructed" && makesWay(root, decision.path, deleted)
          ? decide(decision.path, { kind: "absent" })
          : decision,
      ),
      ...foreign.unknown.map(foreignDecision),
    ],
  };
}

/** Nothing happens to it: it may be all that there is of somebody's work. */
function foreignDecision(path: string): Decision {
  return {
    ...{ path, class: "managed", component: "", state: "foreign", action: "keep", disk: "edited", upstream: "removed" },
    ...{ note: FOREIGN_NOTE, mode: 0o644, lock: "drop" },
  };
}

function* modesOf(
  disks: ReadonlyMap<string, DiskFile>,
  rendered: ReadonlyMap<string, RenderedFile>,
): Iterable<{ readonly disk: number; readonly wanted: number }> {
  for (const [path, { mode, ownership }] of rendered) {
    const disk = disks.get(path);
    if (ownership === "managed" && disk?.kind === "file") {
      yield { disk: disk.mode, wanted: mode };
    }
  }
}

/** Whether what lies in a path's place is deleted by the same run: a file becomes a directory, or the other way round. */
function makesWay(root: string, path: string, deleted: readonly string[]): boolean {
  const isAbove = deleted.some((other) => path.startsWith(`${other}/`));
  return isAbove || (deleted.some((other) => other.startsWith(`${path}/`)) && isEmptied(root, path, deleted));
}

function isEmptied(root: string, path: string, deleted: readonly string[]): boolean {
  const absolute = join(root, path);
  if (!lstatSync(absolute).isDirectory()) {
    return deleted.includes(path);
  }
  const entries = readdirSync(absolute);
  return entries.length > 0 && entries.every((entry) => isEmptied(root, `${path}/${entry}`, deleted));
}

/** Carries out the merge that a decision asks for, in memory. */
export function resolveMerge(root: string, lock: Lock, decision: Decision, version: string): Decision {
  const entry = lock.files.get(decision.path);
  const { before, after } = decision;
  if (decision.state !== "merge" || entry === undefined || before === undefined || after === undefined) {
    return decision;
  }
  const base = readBase(root, entry.sha256);
  if (base.content === undefined) {
    const note = `${base.problem}, or delete the file's line in ${LOCK_PATH} to go on from your version`;
    return { ...decision, state: "conflict", action: "keep", lock: "hold", after: undefined, note };
  }
  const merged = threeWayMerge(base.content, before, after, version);
  if (merged.content === undefined) {
    const note = "both you and we changed this binary file; yours stays";
    return { ...decision, state: "conflict", action: "keep", lock: "hold", after: undefined, note };
  }
  return {
    ...decision,
    state: merged.conflict ? "conflict" : "merge",
    after: merged.content,
    base: after,
    conflictBase: merged.conflict ? base.content : undefined,
    note: merged.conflict ? "your changes and ours overlap; resolve the conflict in the file" : decision.note,
  };
}
