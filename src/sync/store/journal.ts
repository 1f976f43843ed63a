// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isThere } from "../../file-presence";
import { ExplainedError } from "../../explained-error";
import { sha256 } from "../files/content-hash";
import { parentProblem } from "../files/project-path";
import { isBase } from "./base-store";
import { removeEmptyDirectories, renameInto, sync, syncDirectory, writeDurably } from "./durable-files";
import {
  damagedJournal,
  JOURNAL_DIRECTORY,
  JOURNAL_FILE,
  type Journal,
  type JournalOperation,
  lockAfter,
  readJournal,
  sealed,
} from "./journal-file";
import { formatLock, LOCK_PATH, type LockContent, type LockEntry, parseLock } from "./lock-file";
import type { Operation } from "./operation";
import { forgetSecret } from "./outside-secret";
import { assertTarget, isGone, perform } from "./perform-operation";

/** Name of the new lock while it lies in the journal. */
const LOCK_FILE = "lock";

/** The changes of one run, and the lock that describes the project after them. */
export interface Transaction {
  readonly operations: readonly Operation[];
  readonly lock: LockContent;
}

/** What finishing an interrupted run came to. */
export interface Recovery {
  /** What it did, a line for each path. */
  readonly done: readonly string[];
  /** The paths that were left alone because they changed since. */
  readonly skipped: readonly string[];
}

/** What an earlier run left: nothing, a journal of its own, or something that no run of this user's left here. */
export type LeftOver =
  | { readonly kind: "nothing" }
  | { readonly kind: "unfinished" }
  | { readonly kind: "refused"; readonly problem: string };

/**
 * Applies a transaction so that a crash at any point loses nothing: until the journal is complete nothing has changed,
 * and from then on the next run can finish it.
 *
 * To be called under the run lock.
 * @returns the paths that were left alone because they changed since they were looked at.
 */
export function commit(root: string, transaction: Transaction): string[] {
  const directory = join(root, JOURNAL_DIRECTORY);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const staged: string[] = [];
  // A file that goes is no obstacle to what comes below its path.
  const givenWay = new Set(transaction.operations.filter(({ type }) => type === "delete").map(({ path }) => path));
  const operations = transaction.operations.map((operation, index): JournalOperation => {
    assertTarget(root, operation, givenWay);
    if (operation.type !== "write") {
      return operation;
    }
    const { content, ...rest } = operation;
    const file = String(index);
    writeFileSync(join(directory, file), content);
    staged.push(join(directory, file));
    return { ...rest, file, sha256: sha256(content) };
  });
  // All are written before the first is synced: most file systems then flush them together.
  for (const file of staged) {
    sync(file, "r+");
  }
  // Staged before the commit too: once it is made, nothing more can fail because the disk is full.
  writeDurably(join(directory, LOCK_FILE), Buffer.from(formatLock(transaction.lock)));
  const journal: Journal = {
    operations,
    generator: transaction.lock.generator,
    migrations: transaction.lock.migrations,
    entries: Object.fromEntries(transaction.lock.files),
    ownFiles: transaction.lock.ownFiles,
  };
  writeDurably(join(directory, `${JOURNAL_FILE}.tmp`), sealed(root, journal));
  renameSync(join(directory, `${JOURNAL_FILE}.tmp`), join(directory, JOURNAL_FILE));
  syncDirectory(directory);
  return [...finish(root, journal).skipped];
}

/** Whether an earlier run died half-way. */
export function isInterrupted(root: string): boolean {
  return (
    parentProblem(root, JOURNAL_DIRECTORY) === undefined &&
    lstatSync(join(root, JOURNAL_DIRECTORY), { throwIfNoEntry: false }) !== undefined
  );
}

/** What lies in the place of a journal. Reads only. */
export function leftOver(root: string): LeftOver {
  if (!isInterrupted(root)) {
    return { kind: "nothing" };
  }
  try {
    readJournal(root);
    return { kind: "unfinished" };
  } catch (error) {
    if (error instanceof ExplainedError) {
      return { kind: "refused", problem: error.message };
    }
    throw error;
  }
}

/**
 * Finishes what an interrupted run had begun, or forgets what it had only prepared.
 * To be called under the run lock.
 * @throws ExplainedError for a journal that no run of this user's left here: nothing of it is carried out
 */
export function recover(root: string): Recovery {
  const journal = readJournal(root);
  if (journal === undefined) {
    rmSync(join(root, JOURNAL_DIRECTORY), { recursive: true, force: true });
    return { done: [], skipped: [] };
  }
  return finish(root, journal);
}

function finish(root: string, journal: Journal): Recovery {
  const done: string[] = [];
  const skipped: string[] = [];
  const touched = new Set<string>();
  for (const operation of journal.operations) {
    if (operation.type === "delete" && isGone(root, operation.path)) {
      if (parentProblem(root, operation.path) === undefined) {
        removeEmptyDirectories(root, dirname(operation.path));
      }
      continue;
    }
    assertTarget(root, operation);
    if (skipped.length > 0 && operation.type === "delete" && isBase(operation.path)) {
      continue; // A skipped file's old entry stays in the lock, and may name it; the next run deletes what none names.
    }
    const isUnsaved =
      operation.type === "write" && operation.savedIn !== undefined && skipped.includes(operation.savedIn);
    if (isUnsaved || !perform(root, operation, touched)) {
      skipped.push(operation.path);
    } else {
      done.push(described(operation));
    }
  }
  for (const directory of touched) {
    syncDirectory(directory);
  }
  writeLock(root, journal, skipped);
  const directory = join(root, JOURNAL_DIRECTORY);
  // The journal goes first: a directory without it means that there is nothing to finish.
  unlinkSync(join(directory, JOURNAL_FILE));
  rmSync(directory, { recursive: true, force: true });
  forgetSecret(root, "journal");
  return { done, skipped };
}

function described(operation: JournalOperation): string {
  switch (operation.type) {
    case "move":
      return `moved  ${operation.path} to ${operation.to}`;
    case "delete":
      return `deleted  ${operation.path}`;
    case "write":
      return `wrote  ${operation.path}`;
  }
}

/** Puts the new lock into place; what was skipped keeps its old entry. */
function writeLock(root: string, journal: Journal, skipped: readonly string[]): void {
  const source = join(root, JOURNAL_DIRECTORY, LOCK_FILE);
  const target = join(root, LOCK_PATH);
  const staged = lstatSync(source, { throwIfNoEntry: false });
  if (staged === undefined) {
    return; // Renamed into place before the interruption.
  }
  if (!staged.isFile() || staged.nlink !== 1) {
    throw damagedJournal();
  }
  const old = isThere(target) ? readFileSync(target) : undefined;
  const content = Buffer.from(formatLock(withoutSkipped(lockAfter(journal), old, skipped)));
  if (old?.equals(content)) {
    return;
  }
  if (!readFileSync(source).equals(content)) {
    writeDurably(source, content);
  }
  renameInto(source, target);
  syncDirectory(dirname(target));
}

function withoutSkipped(lock: LockContent, old: Buffer | undefined, skipped: readonly string[]): LockContent {
  if (skipped.length === 0) {
    return lock;
  }
  const entries = new Map(lock.files);
  const before = old === undefined ? new Map<string, LockEntry>() : parseLock(old.toString("utf8")).files;
  for (const path of skipped) {
    const entry = before.get(path);
    if (entry === undefined) {
      entries.delete(path);
    } else {
      entries.set(path, entry);
    }
  }
  return { ...lock, files: entries };
}
