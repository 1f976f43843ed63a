// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { nextLock } from "./plan";
import { releaseNotes } from "./release-notes";
import { placeNotes } from "./repository-place";
import { compare, resolveMerge } from "../comparison/compare";
import type { Decision } from "../comparison/decision";
import type { DiskFile } from "../files/disk-file";
import { formatLock } from "../store/lock-file";
import type { RenderedFile } from "../files/rendered-file";
import { fileReport, LOCK_OUTDATED, type Report } from "./report";

/** A rendered project, as far as a preview needs it. It can be kept for the next run. */
export interface Rendering {
  /** Directory of the project. */
  readonly root: string;
  /** Version of ray-platform that rendered. */
  readonly version: string;
  /** Ids of the migrations that lead to this version, oldest first. */
  readonly migrations: readonly string[];
  /** Generated files, by path. */
  readonly files: ReadonlyMap<string, RenderedFile>;
  /** Patterns of the option `release`. */
  readonly releases: readonly string[];
}

/**
 * What a regeneration would do. Reads only.
 * @param disks receives what lies at each path that is compared
 */
export function previewReport(
  { root, version, migrations, files, releases }: Rendering,
  disks: Map<string, DiskFile> = new Map(),
): Report {
  const comparison = compare(root, files, "regenerate", releases);
  for (const [path, disk] of comparison.disks) {
    disks.set(path, disk);
  }
  const decisions = comparison.decisions.map((decision) => resolveMerge(root, comparison.lock, decision, version));
  const remarks = [...releaseNotes(root, files, releases), ...placeNotes(root, files.keys())];
  const writable = decisions.filter(
    ({ state, action, class: owner }) => isModeOnly(state, action) && owner === "managed",
  );
  if (writable.length > 0) {
    const files = writable.length === 1 ? `${writable[0]?.path} is` : `${writable.length} generated files are`;
    remarks.push(`${files} writable, as after a checkout; "npx projen" makes that read-only again`);
  }
  const { entries } = nextLock(comparison.decisions, files, comparison.lock, version);
  const next = formatLock({ generator: version, migrations, files: entries, ownFiles: comparison.ownFiles });
  if (comparison.lockText !== next && comparison.decisions.every(isQuiet)) {
    remarks.push(LOCK_OUTDATED);
  }
  return {
    format: 1,
    generator: version,
    previousGenerator: comparison.lockText === undefined ? undefined : comparison.lock.generator,
    files: decisions.map(fileReport),
    notes: remarks,
  };
}

function isModeOnly(state: Decision["state"], action: Decision["action"]): boolean {
  return state === "unchanged" && action === "chmod";
}

function isQuiet({ action }: Decision): boolean {
  return action === "none" || action === "chmod";
}
