// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { BlockText } from "../files/block-text";
import { hasConflictMarkers } from "./conflict-markers";
import { sha256 } from "../files/content-hash";
import { readDiskFile } from "../files/disk-file";
import { toPlainText } from "../files/line-endings";
import { type LockEntry, readLock } from "../store/lock-file";

/** A generated file, as the lock and the disk show it without rendering anything. */
export interface InspectedFile extends LockEntry {
  readonly path: string;
  readonly disk: "same" | "edited" | "deleted" | "obstructed" | "conflict";
  readonly note?: string;
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
  const files = [...lock.files].map(([path, entry]): InspectedFile => {
    const ours = [entry.sha256, ...(lock.alternatives.get(path) ?? [])];
    return { path, ...entry, ...look(path, entry, ours, root, known) };
  });
  return { generator: text === undefined ? undefined : lock.generator, files };
}

function look(
  path: string,
  entry: LockEntry,
  ours: readonly string[],
  root: string,
  known: Set<string>,
): Pick<InspectedFile, "disk" | "note"> {
  const disk = readDiskFile(root, path, known);
  switch (disk.kind) {
    case "absent":
      return { disk: "deleted" };
    case "obstructed":
      return { disk: "obstructed", note: `${disk.by} lies in its place` };
    case "unreachable":
      return { disk: "obstructed", note: disk.problem };
    case "file":
      break;
  }
  if (entry.class !== "block") {
    if (entry.class === "seeded" && hasConflictMarkers(disk.content)) {
      return { disk: "conflict", note: "a merge in it waits to be resolved" };
    }
    const same = ours.includes(sha256(disk.content)) || ours.includes(sha256(toPlainText(disk.content)));
    return { disk: same ? "same" : "edited" };
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
