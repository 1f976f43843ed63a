// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../package-root";
import { readDiskFile } from "../files/disk-file";
import { OWNED_DIRECTORIES } from "../files/owned-directories";
import { readings } from "../files/same-content";
import type { Lock } from "../store/lock-file";

/** What to say of a file that is not as the package has it. */
export const NOT_ORIGINAL = "it is not what this version of ray-platform ships";

/**
 * Generated files that are copied from the package byte for byte, and differ from it. Neither the lock nor a rendering
 * is asked: both can be changed together with a file.
 *
 * To be called where the version that runs is the one that generated the repository.
 * @returns their paths; those that the user released are left out
 */
export function unlikeOriginals(root: string, lock: Lock): string[] {
  const known = new Set<string>();
  return [...lock.files].flatMap(([path, { class: owner, mode }]) => {
    const original = owner === "released" || owner === "seeded" ? undefined : originalOf(path);
    if (original === undefined) {
      return [];
    }
    const disk = readDiskFile(root, path, known);
    const isSame =
      disk.kind === "file" &&
      readings(path, disk.content, Number.parseInt(mode, 8)).some((reading) => reading.equals(original));
    return isSame ? [] : [path];
  });
}

/** What the package copies to a path; undefined where it renders it, or knows nothing of it. */
function originalOf(path: string): Buffer | undefined {
  const directory = OWNED_DIRECTORIES.find((owned) => path.startsWith(`${owned.path}/`));
  if (directory === undefined) {
    return undefined;
  }
  const below = path.slice(directory.path.length + 1);
  return directory.rendered?.includes(below) ? undefined : read(join(PACKAGE_ROOT, directory.original, below));
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
