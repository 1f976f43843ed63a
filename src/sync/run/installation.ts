// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../../file-presence";
import { readForeignFile } from "../../foreign-file";
import { hasAnyConflictMarkers } from "../comparison/conflict-markers";

/** Whether npm has installed a repository, and its package-lock.json is one that git has not left conflicts in. */
export function isInstalled(root: string): boolean {
  return isThere(join(root, "node_modules", ".package-lock.json")) && isLocked(join(root, "package-lock.json"));
}

function isLocked(path: string): boolean {
  return isThere(path) && !hasAnyConflictMarkers(readForeignFile(path));
}
