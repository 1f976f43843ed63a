// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { lstatSync } from "node:fs";
import { join } from "node:path";

/** What runs leave for themselves, on one machine. In a commit it is somebody else's. */
export const STATE_PATHS = [
  ".ray-platform/journal",
  ".ray-platform/run.lock",
  "node_modules/.cache/ray-platform",
] as const;

/** Those of them that git tracks. Where there is no git, or no repository, that is none. */
export function trackedState(root: string, paths: readonly string[] = STATE_PATHS): string[] {
  const there = paths.filter((path) => isThere(join(root, path)));
  if (there.length === 0) {
    return [];
  }
  const { status, stdout } = spawnSync("git", ["ls-files", "-z", "--", ...there], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
  });
  const tracked = status === 0 ? stdout.split("\0") : [];
  return there.filter((path) => tracked.some((file) => file === path || file.startsWith(`${path}/`)));
}

/** What to say of one that is tracked. */
export function trackedProblem(path: string): string {
  return (
    `${path} came with a commit, and only a run on this machine may leave it: nothing of it is used. ` +
    `Remove it with "git rm -r --cached ${path}" and delete it`
  );
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
