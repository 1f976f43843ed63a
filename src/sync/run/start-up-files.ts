// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { parseJson } from "../../json-object";
import { conflictSides } from "../comparison/conflict-markers";
import { readGitObjects } from "../comparison/git";
import { readDiskFile } from "../files/disk-file";

/** Node reads it before it loads any module of the project; with conflict markers in it nothing starts. */
const START_UP_FILE = "package.json";

/** Whether git left conflicts in a file without which the projenrc cannot be loaded. */
export function isStartBlocked(root: string): boolean {
  return sidesOf(root) !== undefined;
}

/** What to say where nothing is to be written. */
export const START_IS_BLOCKED = `git left conflicts in ${START_UP_FILE}; "npx projen" resolves them`;

/**
 * Puts the side of the current branch in the place of a package.json with conflict markers, so that the regeneration can
 * start, which writes the right one. The other side is in the branch that is being merged.
 *
 * @returns what to tell the user, if there was something to do
 */
export function unblockStart(root: string): string[] {
  const sides = sidesOf(root);
  if (sides === undefined) {
    return [];
  }
  const [committed] = readGitObjects(root, [`:2:./${START_UP_FILE}`]);
  const side = [...(committed === undefined ? [] : [committed]), ...sides].find(isJson);
  if (side === undefined) {
    throw new ExplainedError(
      `${START_UP_FILE} has conflicts, and neither side of them is JSON: restore it with "git checkout HEAD -- ${START_UP_FILE}"`,
    );
  }
  const path = join(root, START_UP_FILE);
  const { mode } = statSync(path);
  writeFileSync(`${path}.ray-platform-tmp`, side);
  chmodSync(`${path}.ray-platform-tmp`, mode & 0o777);
  renameSync(`${path}.ray-platform-tmp`, path);
  return [`resolved  ${START_UP_FILE} (git had left conflicts in it)`];
}

function sidesOf(root: string): readonly [Buffer, Buffer] | undefined {
  const disk = readDiskFile(root, START_UP_FILE, new Set());
  return disk.kind === "file" ? conflictSides(disk.content) : undefined;
}

function isJson(content: Buffer): boolean {
  try {
    parseJson(content.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
