// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../package-root";
import { type DiskFile, readDiskFile } from "../files/disk-file";
import { isExcepted, OWNED_DIRECTORIES, type OwnedDirectory } from "../files/owned-directories";
import { readings } from "../files/same-content";
import type { Lock } from "../store/lock-file";

/** What to say of a file that is not as the package has it. */
export const NOT_ORIGINAL = "it is not what this version of ray-platform ships";
const NOT_OURS = "this version of ray-platform ships it, and would keep it as it is; here it is somebody else's";
const GONE = "this version of ray-platform ships it, and here it is not generated";
const NOT_SHIPPED = "this version of ray-platform ships no such file, and its directory is generated as a whole";

/** Directories of which the package copies a part, and into which users put files of their own too. */
const SHARED_DIRECTORIES: readonly OwnedDirectory[] = [
  { path: "src", original: "templates/src", except: ["src/extensions.ts", "src/platform"] },
  { path: "test", original: "templates/test", except: ["test/extensions.test.ts"] },
];

/** Files that only the package itself uses. */
const NOT_COPIED: ReadonlySet<string> = new Set(
  [
    "build.mjs",
    "capabilities.json",
    "custom-capabilities.json",
    "policy.wasm.br",
    "policy.wasm.json",
    "rules.json",
  ].map((name) => `policies/${name}`),
);

/**
 * Looks for what is not as the package has it: files that it copies byte for byte and that differ, belong to somebody else
 * or are gone, and files that are generated besides into a directory that is generated as a whole. Neither the lock nor a
 * rendering is asked, since whoever writes a projenrc that is a program can change both together with a file.
 *
 * To be called where the version that runs is the one that generated the repository.
 * @param disks what was already read of the repository, by its path
 * @returns what to say of each, by its path; what the user released is left out
 */
export function unlikeOriginals(
  root: string,
  lock: Lock,
  disks: ReadonlyMap<string, DiskFile> = new Map(),
): Map<string, string> {
  const known = new Set<string>();
  const found = new Map<string, string>();
  const shipped = new Map(copiedTo(lock).flatMap(originals));
  for (const [path, original] of shipped) {
    const entry = lock.files.get(path);
    const problem = entry === undefined ? GONE : entry.class === "managed" ? undefined : NOT_OURS;
    const disk = disks.get(path) ?? readDiskFile(root, path, known);
    if (entry?.class === "released" || (problem === undefined && disk.kind !== "file")) {
      continue; // What is missing or obstructed is found without us.
    }
    const isSame =
      disk.kind === "file" &&
      readings(path, disk.content, Number.parseInt(entry?.mode ?? "0", 8)).some((text) =>
        text.equals(readFileSync(original)),
      );
    if (problem !== undefined || !isSame) {
      found.set(path, problem ?? NOT_ORIGINAL);
    }
  }
  for (const [path, { class: owner }] of lock.files) {
    const directory = OWNED_DIRECTORIES.find((owned) => isBelow(owned, path));
    if (
      directory !== undefined &&
      isShipped(directory) &&
      owner !== "released" &&
      !shipped.has(path) &&
      !isRendered(directory, path)
    ) {
      found.set(path, NOT_SHIPPED);
    }
  }
  return found;
}

/** Those of which something is generated. One that is missing as a whole runs and judges nothing. */
function copiedTo({ files }: Lock): readonly OwnedDirectory[] {
  const paths = [...files.keys()];
  return [...OWNED_DIRECTORIES, ...SHARED_DIRECTORIES].filter(
    (directory) => isShipped(directory) && paths.some((path) => isBelow(directory, path)),
  );
}

/** Whether the package, of whatever version, has such a directory. */
function isShipped({ original }: OwnedDirectory): boolean {
  return existsSync(join(PACKAGE_ROOT, original));
}

/** The files of the package that are copied to a directory: where each goes, and where it comes from. */
function originals(directory: OwnedDirectory): (readonly [string, string])[] {
  const source = join(PACKAGE_ROOT, directory.original);
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [`${directory.path}${file.slice(source.length).replace(/\\/g, "/")}`, file] as const)
    .filter(([path]) => isBelow(directory, path) && !isRendered(directory, path) && !NOT_COPIED.has(path));
}

function isBelow(directory: OwnedDirectory, path: string): boolean {
  return path.startsWith(`${directory.path}/`) && !isExcepted(directory, path);
}

function isRendered({ path: directory, rendered = [] }: OwnedDirectory, path: string): boolean {
  return rendered.includes(path.slice(directory.length + 1));
}
