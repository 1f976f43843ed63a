// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "../files/content-hash";
import { assertProjectPath, parentProblem, UnsafePathError } from "../files/project-path";
import { makeDirectory, removeEmptyDirectories, renameInto } from "./durable-files";
import { damagedJournal, JOURNAL_DIRECTORY, type JournalOperation } from "./journal-file";
import type { Precondition } from "./operation";

/** All that a generated file may be; a file that starts with the rights of its owner is none. */
const MODE_BITS = 0o777;

/** @returns false if the path is not as it was found, so that the user's change since then stays. */
export function perform(root: string, operation: JournalOperation, touched: Set<string>): boolean {
  const target = join(root, operation.path);
  switch (operation.type) {
    case "move": {
      if (lstatSync(target, { throwIfNoEntry: false }) === undefined) {
        return true; // Moved before the interruption.
      }
      const to = join(root, operation.to);
      if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) {
        return true; // Moved before the interruption; what lies there now is ours.
      }
      makeDirectory(dirname(to), touched);
      renameSync(target, to);
      touched.add(dirname(to)).add(dirname(target));
      return true;
    }
    case "delete": {
      if (!isAsFound(target, operation.before)) {
        return false;
      }
      unlinkSync(target);
      touched.add(dirname(target));
      removeEmptyDirectories(root, dirname(operation.path));
      return true;
    }
    case "write": {
      const source = join(root, JOURNAL_DIRECTORY, operation.file);
      const staged = lstatSync(source, { throwIfNoEntry: false });
      if (staged === undefined) {
        return true; // Renamed into place before the interruption.
      }
      if (!staged.isFile() || staged.nlink !== 1) {
        throw damagedJournal(); // A link: its mode and its content are those of another file.
      }
      if (!isAsFound(target, operation.before)) {
        return isAsFound(target, operation.sha256);
      }
      if (sha256(readFileSync(source)) !== operation.sha256) {
        throw damagedJournal();
      }
      makeDirectory(dirname(target), touched);
      chmodSync(source, operation.mode & MODE_BITS);
      renameInto(source, target);
      touched.add(dirname(target));
      return true;
    }
  }
}

/** Whether a file was deleted before an interruption; what lies there now came afterwards. */
export function isGone(root: string, path: string): boolean {
  assertProjectPath(path);
  try {
    const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
    return stat === undefined || stat.isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") {
      return true; // Its directory is a file by now.
    }
    throw error;
  }
}

export function assertTarget(
  root: string,
  operation: { type: string; path: string; to?: string },
  givenWay: ReadonlySet<string> = new Set(),
): void {
  for (const path of operation.to === undefined ? [operation.path] : [operation.path, operation.to]) {
    assertProjectPath(path);
    const problem = parentProblem(root, path, new Set(givenWay));
    if (problem !== undefined) {
      throw new UnsafePathError(path, problem);
    }
  }
}

function isAsFound(target: string, before: Precondition): boolean {
  const stat = lstatSync(target, { throwIfNoEntry: false });
  if (before === "any") {
    return true;
  }
  if (before === "absent" || stat === undefined) {
    return before === "absent" && stat === undefined;
  }
  return stat.isFile() && sha256(readFileSync(target)) === before;
}
