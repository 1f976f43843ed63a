// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { statfsSync } from "node:fs";
import { join } from "node:path";
import { removeDirectory } from "../scripts/generate.mjs";

/** What a first run takes, in bytes: two thirds are Go's caches of the modules and packages that programs are made of. */
export const FIRST_RUN = 20 * 2 ** 30;

/** Bytes that are free where a directory lies. */
export function freeSpace(directory) {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/**
 * Builds a program with caches of its own, which end with the build: slower, as programs share packages, and for a small
 * disk.
 *
 * @template T
 * @param {string} base a directory for them
 * @param {(env: Record<string, string>) => Promise<T>} build
 */
export async function withPassingGoCaches(base, build) {
  const caches = join(base, "go");
  try {
    return await build({
      GOCACHE: join(caches, "build"),
      GOMODCACHE: join(caches, "mod"),
      // Directories of modules are read-only otherwise, and cannot be removed.
      GOFLAGS: "-modcacherw",
    });
  } finally {
    removeDirectory(caches);
  }
}
