// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import nodePath, { type PlatformPath } from "node:path";

/** What of `node:path` a path is made with; tests give that of another system. */
type PathModule = Pick<PlatformPath, "relative" | "sep">;

/** The way from one directory to a file or directory, with `/` on every system, as files, reports and messages have it. */
export function portableRelative(from: string, to: string, path: PathModule = nodePath): string {
  return portable(path.relative(from, to), path);
}

/** A path of this system with `/`. */
export function portable(name: string, path: Pick<PathModule, "sep"> = nodePath): string {
  return path.sep === "/" ? name : name.split(path.sep).join("/");
}

/** A path with `/` as a relative reference of RFC 3986: no space, no `#`, no backslash. */
export function pathReference(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
