// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { theirs, YOURS } from "./conflict-markers";
import { GitError, git } from "./git";
import { inStyleOf, isBinary } from "../files/line-endings";

/** The outcome of a merge; `content` is undefined where lines cannot be merged. */
export interface MergeResult {
  readonly content: Buffer | undefined;
  readonly conflict: boolean;
}

/**
 * Merges our change (`base` to `ours`) into the user's file, in the user's line ends and with their byte order mark.
 * @throws GitError if git cannot be run.
 */
export function threeWayMerge(base: Buffer, users: Buffer, ours: Buffer, version: string): MergeResult {
  if (isBinary(base) || isBinary(users) || isBinary(ours)) {
    return { content: undefined, conflict: true };
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-merge-"));
  try {
    writeFileSync(join(directory, "yours"), users);
    writeFileSync(join(directory, "base"), inStyleOf(users, base));
    writeFileSync(join(directory, "ours"), inStyleOf(users, ours));
    const labels = ["-L", YOURS, "-L", "base", "-L", theirs(version)];
    const answer = git(directory, ["merge-file", "-p", ...labels, "yours", "base", "ours"]);
    // The exit code is the number of conflicts, or negative (255) on an error.
    if (answer.code < 0 || answer.code > 127) {
      throw new GitError("git merge-file", answer);
    }
    return { content: answer.stdout, conflict: answer.code > 0 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
