// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { sha256 } from "../files/content-hash";
import { readDiskFile } from "../files/disk-file";
import type { LockEntry } from "./lock-file";
import type { Operation } from "./operation";

/**
 * Merge bases of seeded and released files: what we shipped when we last wrote or merged them, each under its hash.
 *
 * Files of the working tree, so that they are there in a shallow clone, where `git cat-file` finds no history; plain,
 * so that git packs them well; named by hash, so that two branches never conflict over one; and few, because managed
 * files need none.
 */
export const BASE_DIRECTORY = ".ray-platform/base";

/** Whether a path is one of the store's. */
export function isBase(path: string): boolean {
  return path.startsWith(`${BASE_DIRECTORY}/`);
}

/** A base, or why there is none: what is wrong, and what brings it back. */
export type StoredBase = { readonly content: Buffer } | { readonly content: undefined; readonly problem: string };

/** Reads a base. */
export function readBase(root: string, hash: string): StoredBase {
  const path = `${BASE_DIRECTORY}/${hash}`;
  const failed = (problem: string): StoredBase => ({
    content: undefined,
    problem: `its merge base ${path} ${problem}`,
  });
  const disk = readDiskFile(root, path, new Set());
  switch (disk.kind) {
    case "absent":
      return failed("is missing; restore it from git");
    case "unreachable":
      return failed(`cannot be reached: ${disk.problem}`);
    case "obstructed":
      return disk.by === "an unreadable file"
        ? failed("cannot be read; correct its permissions")
        : failed(`has given way to ${disk.by}; restore it from git`);
    case "file":
      return sha256(disk.content) === hash
        ? { content: disk.content }
        : failed("is damaged, as its content does not have that hash; restore it from git");
  }
}

/** What is to be written and deleted so that the store holds what the lock needs. */
export function baseOperations(
  root: string,
  entries: ReadonlyMap<string, LockEntry>,
  contents: ReadonlyMap<string, Buffer>,
): { readonly write: Operation[]; readonly remove: Operation[] } {
  const needed = new Set<string>();
  for (const entry of entries.values()) {
    if (entry.class === "seeded" || entry.class === "released") {
      needed.add(entry.sha256);
    }
  }
  const present = new Set(list(root));
  const write: Operation[] = [];
  for (const hash of needed) {
    const content = contents.get(hash);
    if (content !== undefined && (!present.has(hash) || readBase(root, hash).content === undefined)) {
      write.push({ type: "write", path: `${BASE_DIRECTORY}/${hash}`, content, mode: 0o444, before: "any" });
    }
  }
  const remove = [...present]
    .filter((name) => /^[0-9a-f]{64}$/.test(name) && !needed.has(name))
    .map((name): Operation => ({ type: "delete", path: `${BASE_DIRECTORY}/${name}`, before: "any" }));
  return { write, remove };
}

function list(root: string): string[] {
  try {
    return readdirSync(join(root, BASE_DIRECTORY));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return []; // ENOTDIR: whoever writes there says what is in its place.
    }
    throw new ExplainedError(`${BASE_DIRECTORY} cannot be read: ${message}; correct its permissions and run again`);
  }
}
