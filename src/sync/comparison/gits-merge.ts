// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { BlockText } from "../files/block-text";
import { sha256 } from "../files/content-hash";
import { toPlainText } from "../files/line-endings";
import { readings } from "../files/same-content";
import { LOCK_PATH, type LockEntry, LockError, parseLock } from "../store/lock-file";
import { conflictSides } from "./conflict-markers";
import { readGitObjects } from "./git";
import { threeWayMerge } from "./three-way-merge";

/** Commits that a merge, a rebase or a cherry-pick puts together, while it goes on and right after a merge. */
const SOURCES = ["HEAD", "MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "HEAD^1", "HEAD^2"];

/**
 * Whether what lies at a generated path is nothing but git's merge of generated versions, or one of them: the commits of
 * the merge agree with their own locks on that path, and the file is as git left it. Such a mixture is nobody's edit.
 *
 * Asked only where an edit would be saved otherwise: it starts git.
 */
export function isGitsMerge(root: string, path: string, content: Buffer): boolean {
  const stages = [0, 1, 2, 3].map((stage) => `:${stage}:./${path}`);
  const versions = SOURCES.flatMap((commit) => [`${commit}:./${path}`, `${commit}:./${LOCK_PATH}`]);
  const [merged, base, ours, theirs, ...pairs] = readGitObjects(root, [...stages, ...versions]);
  const generated = new Set<string>();
  for (let index = 0; index < pairs.length; index += 2) {
    const [file, lock] = [pairs[index], pairs[index + 1]];
    if (file !== undefined && lock !== undefined && agrees(file, entryOf(lock, path), path)) {
      generated.add(sha256(file));
    }
  }
  if (generated.has(sha256(content))) {
    return true;
  }
  if (ours !== undefined && theirs !== undefined) {
    const both = [ours, theirs].every((side) => generated.has(sha256(side)));
    return both && isSame(threeWayMerge(base ?? Buffer.alloc(0), ours, theirs, "").content, content);
  }
  return generated.size > 1 && isSame(merged, content);
}

/** Whether two files are the same but for line ends and for how conflict markers are labeled. */
function isSame(one: Buffer | undefined, other: Buffer): boolean {
  if (one === undefined) {
    return false;
  }
  const [a, b] = [one, other].map((file) => (conflictSides(file) ?? [file]).map((side) => sha256(toPlainText(side))));
  return JSON.stringify(a) === JSON.stringify(b);
}

function agrees(file: Buffer, entry: LockEntry | undefined, path: string): boolean {
  if (entry === undefined) {
    return false;
  }
  if (entry.class !== "block") {
    const mode = Number.parseInt(entry.mode, 8);
    return readings(path, file, mode).some((content) => sha256(content) === entry.sha256);
  }
  const search = new BlockText(path).find(file);
  return search.kind === "found" && sha256(Buffer.from(search.body, "latin1")) === entry.sha256;
}

function entryOf(lock: Buffer, path: string): LockEntry | undefined {
  try {
    return parseLock(toPlainText(lock).toString("utf8")).files.get(path);
  } catch (error) {
    if (error instanceof LockError) {
      return undefined;
    }
    throw error;
  }
}
