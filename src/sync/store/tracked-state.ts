// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { parentProblem } from "../files/project-path";

/** What runs leave for themselves, on one machine. In a commit it is somebody else's. */
export const STATE_PATHS = [
  ".ray-platform/journal",
  ".ray-platform/run.lock",
  "node_modules/.cache/ray-platform",
] as const;

/**
 * What is made of a commit: compiled, synthesized, installed. In a commit it would run and be deployed in place of the
 * sources that were reviewed, since compilers and Terraform take what lies there for their own.
 */
export const MADE_PATHS = ["build", "cdktf.out", "node_modules"] as const;

/** Those of them that git tracks. Where there is no git, or no repository, that is none. */
export function trackedState(root: string, paths: readonly string[] = STATE_PATHS): string[] {
  // Git refuses to look behind a link, and then answers for none of the paths; nothing of ours is read through one.
  const there = paths.filter((path) => parentProblem(root, path) === undefined && isThere(join(root, path)));
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
  const isMade = MADE_PATHS.some((made) => made === path);
  const why = isMade
    ? "and only a build on this machine may make it: it would run in place of what was reviewed"
    : "and only a run on this machine may leave it: nothing of it is used";
  return `${path} came with a commit, ${why}. Remove it with "git rm -r --cached ${path}" and delete it`;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
