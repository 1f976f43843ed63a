// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBase } from "./base-store";
import { classify } from "./classify";
import type { Decision } from "./decision";
import { readDiskFile } from "./disk-file";
import { LOCK_PATH, type Lock, parseLock } from "./lock-file";
import type { RenderedFile } from "./rendered-file";
import { threeWayMerge } from "./three-way-merge";

/** A project's directory, lock and render, compared. */
export interface Comparison {
  readonly lock: Lock;
  /** The lock as it lies on disk; undefined if there is none. */
  readonly lockText: string | undefined;
  readonly decisions: readonly Decision[];
}

const NO_LOCK: Lock = { generator: "0.0.0", files: new Map(), alternatives: new Map() };

/** Reads the lock of a project. @throws LockError if it cannot be understood. */
export function readLock(root: string): { readonly lock: Lock; readonly text: string | undefined } {
  let text: string;
  try {
    text = readFileSync(join(root, LOCK_PATH), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return { lock: NO_LOCK, text: undefined };
    }
    throw error;
  }
  return { lock: parseLock(text), text };
}

/** Decides for every file that is, or was, generated. Reads only. */
export function compare(
  root: string,
  rendered: ReadonlyMap<string, RenderedFile>,
  mode: "regenerate" | "update",
): Comparison {
  const { lock, text } = readLock(root);
  const known = new Set<string>();
  const paths = [...new Set([...rendered.keys(), ...lock.files.keys()])].sort();
  const decisions = paths.map((path) =>
    classify({
      path,
      disk: readDiskFile(root, path, known),
      lock: lock.files.get(path),
      alsoOurs: lock.alternatives.get(path) ?? [],
      render: rendered.get(path),
      mode,
    }),
  );
  return { lock, lockText: text, decisions };
}

/** Carries out the merge that a decision asks for, in memory. */
export function resolveMerge(root: string, lock: Lock, decision: Decision, version: string): Decision {
  const entry = lock.files.get(decision.path);
  const { before, after } = decision;
  if (decision.state !== "merge" || entry === undefined || before === undefined || after === undefined) {
    return decision;
  }
  const base = readBase(root, entry.sha256);
  if (base === undefined) {
    const note = `its merge base .ray-platform/base/${entry.sha256} is missing or damaged; restore it from git`;
    return { ...decision, state: "conflict", action: "keep", lock: "hold", after: undefined, note };
  }
  const merged = threeWayMerge(base, before, after, version);
  if (merged.content === undefined) {
    const note = "both you and we changed this binary file; yours stays";
    return { ...decision, state: "conflict", action: "keep", lock: "hold", after: undefined, note };
  }
  return {
    ...decision,
    state: merged.conflict ? "conflict" : "merge",
    after: merged.content,
    base: after,
    conflictBase: merged.conflict ? base : undefined,
    note: merged.conflict ? "your changes and ours overlap; resolve the conflict in the file" : decision.note,
  };
}
