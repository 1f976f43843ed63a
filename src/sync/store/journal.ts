// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { isObject, type JsonObject, parseObject } from "../../json-object";
import { isBase } from "./base-store";
import { sha256 } from "../files/content-hash";
import { readDiskFile } from "../files/disk-file";
import { formatLock, LOCK_PATH, type LockContent, type LockEntry, parseLock } from "./lock-file";
import type { Operation, Precondition } from "./operation";
import { forgetSecret, isSealed, makeSecret, sealOf } from "./outside-secret";
import { trackedProblem, trackedState } from "./tracked-state";
import { assertProjectPath, parentProblem, UnsafePathError } from "../files/project-path";

/** Where a run notes what it is about to do. */
export const JOURNAL_DIRECTORY = ".ray-platform/journal";
const JOURNAL_FILE = "journal.json";
const LOCK_FILE = "lock";
const FORMAT = 2;
/** All that a generated file may be; a file that starts with the rights of its owner is none. */
const MODE_BITS = 0o777;

/** The changes of one run, and the lock that describes the project after them. */
export interface Transaction {
  readonly operations: readonly Operation[];
  readonly lock: LockContent;
}

/** An operation as it lies in the journal: content is in a file beside it. */
type JournalOperation =
  | { type: "write"; path: string; file: string; sha256: string; mode: number; before: Precondition; savedIn?: string }
  | { type: "delete"; path: string; before: Precondition }
  | { type: "move"; path: string; to: string };

/** How a journal lies on disk: its text, and the seal of whoever wrote it. */
interface SealedJournal {
  readonly format: typeof FORMAT;
  readonly seal: string;
  readonly journal: string;
}

interface Journal {
  readonly operations: readonly JournalOperation[];
  readonly generator: string;
  readonly migrations?: readonly string[];
  readonly entries: Readonly<Record<string, LockEntry>>;
  readonly ownFiles?: readonly string[];
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

/** Where no secret can be kept, the journal has no seal, and only the run that wrote it can finish it. */
function sealed(root: string, journal: Journal): Buffer {
  const text = JSON.stringify(journal);
  const secret = makeSecret(root, "journal");
  const seal = secret === undefined ? "" : sealOf(secret, root, "journal", text);
  const content: SealedJournal = { format: FORMAT, seal, journal: text };
  return Buffer.from(JSON.stringify(content));
}

/** Whether an earlier run died half-way. */
export function isInterrupted(root: string): boolean {
  return parentProblem(root, JOURNAL_DIRECTORY) === undefined && isThere(join(root, JOURNAL_DIRECTORY));
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

/** @returns undefined where nothing was begun */
function readJournal(root: string): Journal | undefined {
  const directory = join(root, JOURNAL_DIRECTORY);
  const place = lstatSync(directory);
  if (!place.isDirectory()) {
    const what = place.isSymbolicLink() ? "a symbolic link" : "no directory";
    throw new UnsafePathError(JOURNAL_DIRECTORY, `it is ${what}; delete it`);
  }
  const [tracked] = trackedState(root, [JOURNAL_DIRECTORY]);
  if (tracked !== undefined) {
    throw new ExplainedError(trackedProblem(tracked));
  }
  const path = `${JOURNAL_DIRECTORY}/${JOURNAL_FILE}`;
  const disk = readDiskFile(root, path, new Set());
  if (disk.kind === "absent") {
    return undefined;
  }
  if (disk.kind !== "file") {
    throw damagedJournal();
  }
  const { format, seal, journal: text } = parsed(disk.content.toString("utf8"));
  if (format !== FORMAT) {
    throw new ExplainedError(`${path} was written by another version; delete ${JOURNAL_DIRECTORY}`);
  }
  if (typeof text !== "string") {
    throw damagedJournal();
  }
  if (!isSealed(root, "journal", text, seal)) {
    throw new ExplainedError(
      `${JOURNAL_DIRECTORY} was not left by a run of yours in this directory of this machine, so nothing of it is ` +
        `carried out: look at "git status", delete ${JOURNAL_DIRECTORY} and run again`,
    );
  }
  return checkedJournal(parsed(text));
}

/** The seal says who wrote it; what it says is checked all the same. */
function checkedJournal(journal: Partial<Journal>): Journal {
  const { operations, entries } = journal;
  if (!Array.isArray(operations) || operations.some((operation) => !isObject(operation)) || !isObject(entries)) {
    throw damagedJournal();
  }
  for (const operation of operations) {
    if (operation.type === "write" && !/^\d+$/.test(operation.file)) {
      throw new UnsafePathError(operation.file, "it is not a file of the journal");
    }
  }
  try {
    // Reading it as a lock checks every entry.
    parseLock(formatLock(lockAfter(journal as Journal)));
  } catch {
    throw damagedJournal(); // The lock itself is not to blame.
  }
  return journal as Journal;
}

function parsed(text: string): JsonObject {
  const value = parseObject(text);
  if (value === undefined) {
    throw damagedJournal();
  }
  return value;
}

function damagedJournal(): ExplainedError {
  return new ExplainedError(`${JOURNAL_DIRECTORY} is damaged; delete it and run again`);
}

function lockAfter({ generator, migrations, entries, ownFiles }: Journal): LockContent {
  return { generator, migrations, files: new Map(Object.entries(entries)), ownFiles };
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

/** @returns false if the path is not as it was found, so that the user's change since then stays. */
function perform(root: string, operation: JournalOperation, touched: Set<string>): boolean {
  const target = join(root, operation.path);
  switch (operation.type) {
    case "move": {
      if (lstatSync(target, { throwIfNoEntry: false }) === undefined) {
        return true; // Moved before the interruption.
      }
      const to = join(root, operation.to);
      if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) {
        return true; // Moved before the interruption; what lies there now is ours.
      }
      makeDirectory(dirname(to), touched);
      renameSync(target, to);
      touched.add(dirname(to)).add(dirname(target));
      return true;
    }
    case "delete": {
      if (!isAsFound(target, operation.before)) {
        return false;
      }
      unlinkSync(target);
      touched.add(dirname(target));
      removeEmptyDirectories(root, dirname(operation.path));
      return true;
    }
    case "write": {
      const source = join(root, JOURNAL_DIRECTORY, operation.file);
      const staged = lstatSync(source, { throwIfNoEntry: false });
      if (staged === undefined) {
        return true; // Renamed into place before the interruption.
      }
      if (!staged.isFile() || staged.nlink !== 1) {
        throw damagedJournal(); // A link: its mode and its content are those of another file.
      }
      if (!isAsFound(target, operation.before)) {
        return isAsFound(target, operation.sha256);
      }
      if (sha256(readFileSync(source)) !== operation.sha256) {
        throw damagedJournal();
      }
      makeDirectory(dirname(target), touched);
      chmodSync(source, operation.mode & MODE_BITS);
      renameInto(source, target);
      touched.add(dirname(target));
      return true;
    }
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
  const old = existsSync(target) ? readFileSync(target) : undefined;
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

/** Whether a file was deleted before an interruption; what lies there now came afterwards. */
function isGone(root: string, path: string): boolean {
  assertProjectPath(path);
  try {
    const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
    return stat === undefined || stat.isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") {
      return true; // Its directory is a file by now.
    }
    throw error;
  }
}

function assertTarget(
  root: string,
  operation: { type: string; path: string; to?: string },
  givenWay: ReadonlySet<string> = new Set(),
): void {
  for (const path of operation.to === undefined ? [operation.path] : [operation.path, operation.to]) {
    assertProjectPath(path);
    const problem = parentProblem(root, path, new Set(givenWay));
    if (problem !== undefined) {
      throw new UnsafePathError(path, problem);
    }
  }
}

function isAsFound(target: string, before: Precondition): boolean {
  const stat = lstatSync(target, { throwIfNoEntry: false });
  if (before === "any") {
    return true;
  }
  if (before === "absent" || stat === undefined) {
    return before === "absent" && stat === undefined;
  }
  return stat.isFile() && sha256(readFileSync(target)) === before;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function makeDirectory(directory: string, touched: Set<string>): void {
  const first = mkdirSync(directory, { recursive: true });
  if (first !== undefined) {
    for (let made = directory; made.length >= first.length; made = dirname(made)) {
      touched.add(made);
    }
    touched.add(dirname(first));
  }
}

function removeEmptyDirectories(root: string, directory: string): void {
  for (let current = directory; current !== "."; current = dirname(current)) {
    const absolute = join(root, current);
    if (!existsSync(absolute) || readdirSync(absolute).length > 0) {
      return;
    }
    rmdirSync(absolute);
  }
}

/** Renames, or copies where the target lies on another file system. */
function renameInto(source: string, target: string): void {
  try {
    renameSync(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM" && process.platform === "win32") {
      chmodSync(target, 0o666); // Windows replaces no read-only file, and managed files are read-only.
      renameSync(source, target);
      return;
    }
    if (code !== "EXDEV") {
      throw error;
    }
    const near = `${target}.ray-platform-tmp`;
    const { mode } = lstatSync(source);
    rmSync(near, { force: true });
    writeFileSync(near, readFileSync(source), { flag: "wx" });
    chmodSync(near, mode & 0o777);
    renameSync(near, target);
    unlinkSync(source);
  }
}

function writeDurably(path: string, content: Buffer): void {
  const descriptor = openSync(path, "w", 0o644);
  try {
    for (let written = 0; written < content.length; ) {
      written += writeSync(descriptor, content, written);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(directory: string): void {
  // Windows cannot open directories; its file system keeps renames in order.
  if (process.platform !== "win32" && existsSync(directory)) {
    sync(directory, "r");
  }
}

function sync(path: string, flags: "r" | "r+"): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
