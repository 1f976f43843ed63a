// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { BlockText } from "../files/block-text";
import { hasConflictMarkers } from "./conflict-markers";
import { leftOutOfCheckout } from "./sparse-checkout";
import { sha256 } from "../files/content-hash";
import { readDiskFile } from "../files/disk-file";
import { FOREIGN_NOTE, foreignFiles } from "../files/owned-directories";
import { executableProblem, keepsModes, readings, usersReadings } from "../files/same-content";
import { type Lock, type LockEntry, readLock } from "../store/lock-file";

/** A generated file, as the lock and the disk show it without rendering anything. */
export interface InspectedFile extends LockEntry {
  readonly path: string;
  readonly disk: "same" | "edited" | "deleted" | "obstructed" | "conflict" | "foreign";
  readonly note?: string;
}

interface SeenFile extends InspectedFile {
  /** Permission bits on disk. */
  readonly onDisk?: number;
}

/** A project, as its lock and its disk show it. */
export interface Inspection {
  /** Version of ray-platform that ran last; undefined if there is no lock. */
  readonly generator: string | undefined;
  readonly files: readonly InspectedFile[];
}

/** Compares disk and lock. Runs nothing of the project. @throws LockError */
export function inspect(root: string): Inspection {
  const { lock, text } = readLock(root);
  const known = new Set<string>();
  const files = [...lock.files].map(([path, entry]): SeenFile => {
    const ours = [entry.sha256, ...(lock.alternatives.get(path) ?? [])];
    return { path, ...entry, ...look(path, entry, ours, root, known) };
  });
  const generator = text === undefined ? undefined : lock.generator;
  return { generator, files: [...inCheckout(root, withModes(files, lock.files)), ...foreignTo(root, lock)] };
}

/** What the checkout leaves out is not deleted. */
function inCheckout(root: string, files: readonly InspectedFile[]): InspectedFile[] {
  const absent = files.filter(({ disk }) => disk === "deleted").map(({ path }) => path);
  const leftOut = leftOutOfCheckout(root, absent);
  return files.map((file) =>
    leftOut.has(file.path) ? { ...file, disk: "same", note: "left out of the sparse checkout" } : file,
  );
}

function foreignTo(root: string, { files, ownFiles, generator }: Lock): InspectedFile[] {
  const owners = new Map([...files].map(([path, entry]) => [path, entry.class] as const));
  const entry = { class: "managed", component: "", version: generator, sha256: "", mode: "644" } as const;
  return foreignFiles(root, owners, ownFiles).unknown.map((path) => ({
    ...{ path, ...entry, disk: "foreign", note: FOREIGN_NOTE },
  }));
}

/** A file whose content is right and whose permission bits are not is edited too. */
function withModes(files: readonly SeenFile[], lock: ReadonlyMap<string, LockEntry>): InspectedFile[] {
  const wantedOf = (path: string) => Number.parseInt(lock.get(path)?.mode ?? "0", 8);
  const managed = files.filter((file) => file.class === "managed" && file.onDisk !== undefined);
  const modesMean = keepsModes(managed.map(({ path, onDisk }) => ({ disk: onDisk as number, wanted: wantedOf(path) })));
  return files.map(({ onDisk, ...file }) => {
    const wanted = wantedOf(file.path);
    const isJudged = file.class === "managed" && file.disk === "same" && onDisk !== undefined;
    const problem = isJudged && (modesMean || (wanted & 0o100) !== 0) ? executableProblem(onDisk, wanted) : undefined;
    return problem === undefined ? file : { ...file, disk: "edited", note: problem };
  });
}

function look(
  path: string,
  entry: LockEntry,
  ours: readonly string[],
  root: string,
  known: Set<string>,
): Pick<SeenFile, "disk" | "note" | "onDisk"> {
  const disk = readDiskFile(root, path, known);
  switch (disk.kind) {
    case "absent":
      return { disk: "deleted" };
    case "obstructed":
      return { disk: "obstructed", note: `${disk.by} is in its place` };
    case "unreachable":
      return { disk: "obstructed", note: disk.problem };
    case "file":
      break;
  }
  if (entry.class !== "block") {
    if (entry.class === "seeded" && hasConflictMarkers(disk.content)) {
      return { disk: "conflict", note: "a merge in it waits to be resolved" };
    }
    const isUsers = entry.class === "seeded" || entry.class === "released";
    const mode = Number.parseInt(entry.mode, 8);
    const counted = isUsers ? usersReadings(disk.content) : readings(path, disk.content, mode);
    const same = counted.some((content) => ours.includes(sha256(content)));
    return { disk: same ? "same" : "edited", onDisk: disk.mode };
  }
  const search = new BlockText(path).find(disk.content);
  switch (search.kind) {
    case "missing":
      return { disk: "deleted", note: "its block is gone" };
    case "damaged":
      return { disk: "conflict", note: search.problem };
    case "found":
      return { disk: ours.includes(sha256(Buffer.from(search.body, "latin1"))) ? "same" : "edited" };
  }
}
