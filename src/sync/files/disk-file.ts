// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type KnownDirectories, parentProblem } from "./project-path";

/** What lies at a path of the project. */
export type DiskFile =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly content: Buffer; readonly mode: number }
  /** Something that is not a readable file. */
  | {
      readonly kind: "obstructed";
      readonly by: "a directory" | "a symbolic link" | "a special file" | "an unreadable file";
    }
  /** Its directory is not one: nothing is read or written there. */
  | { readonly kind: "unreachable"; readonly problem: string };

/** Reads a path without ever following a symbolic link. */
export function readDiskFile(root: string, path: string, known: KnownDirectories): DiskFile {
  try {
    return look(root, path, known);
  } catch (error) {
    if (isRefusal(error)) {
      return {
        kind: "unreachable",
        problem: "its directory cannot be read; correct the permissions or release the path",
      };
    }
    throw error;
  }
}

function look(root: string, path: string, known: KnownDirectories): DiskFile {
  const problem = parentProblem(root, path, known);
  if (problem !== undefined) {
    return { kind: "unreachable", problem };
  }
  const absolute = join(root, path);
  const stat = lstatSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) {
    return { kind: "absent" };
  }
  if (stat.isSymbolicLink()) {
    return { kind: "obstructed", by: "a symbolic link" };
  }
  if (stat.isDirectory()) {
    return { kind: "obstructed", by: "a directory" };
  }
  if (!stat.isFile()) {
    return { kind: "obstructed", by: "a special file" };
  }
  try {
    return { kind: "file", content: readFileSync(absolute), mode: stat.mode & 0o777 };
  } catch (error) {
    if (isRefusal(error)) {
      return { kind: "obstructed", by: "an unreadable file" };
    }
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
}
