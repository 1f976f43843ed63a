// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { GitError, git } from "./git";

/** A file before and after; undefined where it does not exist. */
export interface FilePair {
  readonly path: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
}

/**
 * The differences of some files as git prints them, applicable with `git apply`, binary files included.
 * @param options further options of `git diff`, such as `--stat`.
 * @throws GitError if git cannot be run.
 */
export function unifiedDiff(pairs: readonly FilePair[], options: readonly string[] = ["--binary"]): Buffer {
  if (pairs.length === 0) {
    return Buffer.alloc(0);
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-diff-"));
  try {
    for (const side of ["a", "b"] as const) {
      mkdirSync(join(directory, side));
      for (const pair of pairs) {
        const content = side === "a" ? pair.before : pair.after;
        if (content !== undefined) {
          const file = join(directory, side, pair.path);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, content);
        }
      }
    }
    // Three lines around each change, whatever the user's configuration says: "git apply" wants some.
    const args = [
      "diff",
      "--unified=3",
      "--no-index",
      "--no-prefix",
      "--no-ext-diff",
      "--no-textconv",
      "--no-renames",
      "--no-color",
    ];
    const answer = git(directory, [...args, ...options, "--", "a", "b"]);
    if (answer.code !== 0 && answer.code !== 1) {
      throw new GitError("git diff", answer);
    }
    return answer.stdout;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
