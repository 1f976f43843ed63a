// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, lstatSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readForeignFile } from "../foreign-file";
import { MIGRATIONS } from "../migrations";
import { migrate, pendingMigrations } from "../migrations/migrate";
import type { Migration } from "../migrations/migration";
import { readLock } from "../sync/store/lock-file";
import type { FilePair } from "../sync/comparison/unified-diff";
import { findProjenrc } from "./find-projenrc";

/** Directories of the project that no render reads, and that can be large. */
const LEFT_OUT = new Set(["node_modules", ".git", "cdktf.out", "build"]);

/** A copy of a project with the pending migrations applied, for a preview of what an update does. */
export interface MigratedCopy {
  readonly root: string;
  readonly migrations: readonly Migration[];
  readonly notes: readonly string[];
  /** `.projenrc.ts` as it is and as it will be. */
  readonly projenrc: FilePair;
}

/** The migrations that the installed version brings and the project has not seen. */
export function pendingHere(cwd: string): Migration[] {
  const { lock, text } = readLock(cwd);
  return text === undefined ? [] : pendingMigrations(MIGRATIONS, lock);
}

/** Runs `work` with a migrated copy of the project, or with undefined if no migration is pending. */
export function withMigratedCopy<T>(cwd: string, work: (copy: MigratedCopy | undefined) => T): T {
  const pending = pendingHere(cwd);
  if (pending.length === 0) {
    return work(undefined);
  }
  const projenrc = basename(findProjenrc(cwd));
  const root = mkdtempSync(join(tmpdir(), "ray-platform-migrated-"));
  try {
    cpSync(cwd, root, { recursive: true, verbatimSymlinks: true, filter: (source) => isCopied(source, cwd) });
    symlinkSync(join(cwd, "node_modules"), join(root, "node_modules"), "junction");
    const before = readForeignFile(join(root, projenrc));
    const { notes } = migrate(root, MIGRATIONS);
    const after = readForeignFile(join(root, projenrc));
    return work({ root, migrations: pending, notes, projenrc: { path: projenrc, before, after } });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Sockets and pipes cannot be copied, and are nothing that a render reads either. */
function isCopied(source: string, cwd: string): boolean {
  const stat = lstatSync(source);
  return (
    (stat.isDirectory() || stat.isFile() || stat.isSymbolicLink()) &&
    !(dirname(source) === cwd && LEFT_OUT.has(basename(source)))
  );
}
