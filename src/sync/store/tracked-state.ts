// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { foldedName } from "../files/folded-name";

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

/**
 * Those of them that git tracks, under any name that a file system takes for the same: on macOS and Windows, what is committed in
 * `Build` lies in `build`. Where there is no git, or no repository, that is none.
 */
export function trackedState(root: string, paths: readonly string[] = STATE_PATHS): string[] {
  const wanted = paths.filter((path) => isThere(root, path));
  if (wanted.length === 0) {
    return [];
  }
  const { status, stdout } = spawnSync("git", ["ls-files", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
  });
  const tracked = new Set<string>();
  for (const file of status === 0 ? stdout.split("\0") : []) {
    const name = foldedName(file);
    const path = wanted.find((one) => name === one || name.startsWith(`${one}/`));
    if (path !== undefined) {
      tracked.add(file.split("/", path.split("/").length).join("/"));
    }
  }
  return [...tracked];
}

/** What to say of one that is tracked. */
export function trackedProblem(path: string): string {
  const isMade = MADE_PATHS.some((made) => made === foldedName(path));
  const why = isMade
    ? "and only a build on this machine may make it: it would run in place of what was reviewed"
    : "and only a run on this machine may leave it: nothing in it is used";
  return `${path} came with a commit, ${why}. Remove it with "git rm -r --cached ${path}" and delete it`;
}

/** Whether there is something of that name, or of one that another system takes for the same. */
function isThere(root: string, path: string): boolean {
  const places = path
    .split("/")
    .reduce<readonly string[]>((found, name) => found.flatMap((place) => namesakes(place, name)), [root]);
  return places.length > 0;
}

function namesakes(directory: string, name: string): string[] {
  try {
    return readdirSync(directory)
      .filter((entry) => foldedName(entry) === name)
      .map((entry) => join(directory, entry));
  } catch {
    return [];
  }
}
