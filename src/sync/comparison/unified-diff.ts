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

/** How many lines of a file a change adds and removes; undefined where its content has no lines. */
export interface LineCounts {
  readonly path: string;
  readonly added: number | undefined;
  readonly removed: number | undefined;
}

/**
 * The differences of some files as git prints them, applicable with `git apply`, binary files included.
 * @throws GitError if git cannot be run.
 */
export function unifiedDiff(pairs: readonly FilePair[]): Buffer {
  // Three lines around each change, whatever the user's configuration says: "git apply" wants some.
  return diff(pairs, "--binary", "--unified=3");
}

/**
 * How many lines each change adds and removes, as git counts them. A file that stays the same is left out.
 * @throws GitError if git cannot be run.
 */
export function lineCounts(pairs: readonly FilePair[]): LineCounts[] {
  // Of each file: the counts, the path before and the path after, one of which is /dev/null for a file that comes or goes.
  const fields = diff(pairs, "--numstat", "-z").toString("utf8").split("\0");
  return Array.from({ length: Math.floor(fields.length / 3) }, (_, index) => {
    const [counts = "", before = "", after = ""] = fields.slice(index * 3);
    const [added, removed] = counts.split("\t").map((count) => (count === "-" ? undefined : Number(count)));
    return { path: (after === "/dev/null" ? before : after).slice("a/".length), added, removed };
  });
}

function diff(pairs: readonly FilePair[], ...options: readonly string[]): Buffer {
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
    const args = ["diff", "--no-index", "--no-prefix", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-color"];
    const answer = git(directory, [...args, ...options, "--", "a", "b"]);
    if (answer.code !== 0 && answer.code !== 1) {
      throw new GitError("git diff", answer);
    }
    return answer.stdout;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
