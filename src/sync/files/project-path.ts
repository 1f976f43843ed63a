// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { hasUnseen } from "../../log-text";
import { foldedName } from "./folded-name";

/** Thrown for a path that must not be written or deleted. */
export class UnsafePathError extends ExplainedError {
  public constructor(
    public readonly path: string,
    public readonly reason: string,
  ) {
    super(`refusing ${JSON.stringify(path)}: ${reason}`);
  }
}

/** Of the whole path; operating systems take no longer one. */
const LONGEST_PATH = 4096;

/** `.git` and the names by which Windows and macOS find it too. */
const GIT_DIRECTORY = /^(?:\.git|git~\d+)[. ]*(?::.*)?$/iu;

/** Names of devices on Windows, whatever extension they have. */
const DEVICE = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?: *\.|$)/iu;

/**
 * Why a path cannot name a generated file, or undefined if it can.
 *
 * Lock and journal are checked-in or left-over files and therefore untrusted: a path in them may name only a file
 * below the project, written the one way that we write it.
 */
export function pathProblem(path: unknown): string | undefined {
  if (typeof path !== "string" || path === "") {
    return "it is not a path";
  }
  if (path.length > LONGEST_PATH) {
    return `it is longer than ${LONGEST_PATH} bytes`;
  }
  if (path.includes("\\") || hasUnseen(path)) {
    return "it has backslashes, control characters or others that are not seen";
  }
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) {
    return "it is absolute; paths are relative to the project";
  }
  const segments = path.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    return "it has empty, '.' or '..' segments";
  }
  // macOS finds `.git` with a joiner in it, Windows a device by a superscript.
  const folded = segments.map(foldedName);
  if ([...segments, ...folded].some((segment) => GIT_DIRECTORY.test(segment))) {
    return "it is in a git directory";
  }
  if (segments.some((segment) => /[. ]$/.test(segment) || Buffer.byteLength(segment) > 255)) {
    return "it has a segment that ends in a dot or a space, or is longer than 255 bytes";
  }
  if ([...segments, ...folded].some((segment) => DEVICE.test(segment))) {
    return "it has a segment that names a device on Windows, where no file can have that name";
  }
  if (folded[0] === "node_modules") {
    return "it is in node_modules";
  }
  return undefined;
}

/** @throws UnsafePathError if the path cannot name a generated file. */
export function assertProjectPath(path: unknown): asserts path is string {
  const problem = pathProblem(path);
  if (problem !== undefined) {
    throw new UnsafePathError(String(path), problem);
  }
}

/** Directories already found to be real directories, so that 150 files do not check `docs/` 150 times. */
export type KnownDirectories = Set<string>;

/**
 * Why the directories above a path cannot hold a generated file, or undefined if they can.
 * A symbolic link among them could lead anywhere, so it is never followed.
 */
export function parentProblem(root: string, path: string, known: KnownDirectories = new Set()): string | undefined {
  const segments = path.split("/").slice(0, -1);
  let parent = "";
  for (const segment of segments) {
    parent = parent === "" ? segment : `${parent}/${segment}`;
    if (known.has(parent)) {
      continue;
    }
    const stat = lstatSync(join(root, parent), { throwIfNoEntry: false });
    if (stat === undefined) {
      return undefined;
    }
    if (stat.isSymbolicLink()) {
      return `its directory ${parent} is a symbolic link; replace the link by a directory or release the path`;
    }
    if (!stat.isDirectory()) {
      return `${parent} is a file where a directory is needed; move it away or release the path`;
    }
    known.add(parent);
  }
  return undefined;
}
