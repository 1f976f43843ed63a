// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { isObject, type JsonObject, parseObject } from "../../json-object";
import { readDiskFile } from "../files/disk-file";
import { UnsafePathError } from "../files/project-path";
import { formatLock, type LockContent, type LockEntry, parseLock } from "./lock-file";
import type { Precondition } from "./operation";
import { isSealed, makeSecret, sealOf } from "./outside-secret";
import { trackedProblem, trackedState } from "./tracked-state";

/** Where a run notes what it is about to do. */
export const JOURNAL_DIRECTORY = ".ray-platform/journal";
export const JOURNAL_FILE = "journal.json";
const FORMAT = 2;

/** An operation as it lies in the journal: content is in a file beside it. */
export type JournalOperation =
  | { type: "write"; path: string; file: string; sha256: string; mode: number; before: Precondition; savedIn?: string }
  | { type: "delete"; path: string; before: Precondition }
  | { type: "move"; path: string; to: string };

/** How a journal lies on disk: its text, and the seal of whoever wrote it. */
interface SealedJournal {
  readonly format: typeof FORMAT;
  readonly seal: string;
  readonly journal: string;
}

export interface Journal {
  readonly operations: readonly JournalOperation[];
  readonly generator: string;
  readonly migrations?: readonly string[];
  readonly entries: Readonly<Record<string, LockEntry>>;
  readonly ownFiles?: readonly string[];
}

/** Where no secret can be kept, the journal has no seal, and only the run that wrote it can finish it. */
export function sealed(root: string, journal: Journal): Buffer {
  const text = JSON.stringify(journal);
  const secret = makeSecret(root, "journal");
  const seal = secret === undefined ? "" : sealOf(secret, root, "journal", text);
  const content: SealedJournal = { format: FORMAT, seal, journal: text };
  return Buffer.from(JSON.stringify(content));
}

/** @returns undefined where nothing was begun */
export function readJournal(root: string): Journal | undefined {
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
  if (disk.kind === "unreachable") {
    throw new UnsafePathError(path, disk.problem);
  }
  if (disk.kind === "obstructed") {
    throw disk.by === "an unreadable file"
      ? new ExplainedError(`${path} cannot be read; correct its permissions and run again`)
      : damagedJournal();
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
      `${JOURNAL_DIRECTORY} was not left by a run of yours in this directory of this machine, so nothing in it is ` +
        `carried out: check "git status", delete ${JOURNAL_DIRECTORY} and run again`,
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

export function damagedJournal(): ExplainedError {
  return new ExplainedError(`${JOURNAL_DIRECTORY} is damaged; delete it and run again`);
}

export function lockAfter({ generator, migrations, entries, ownFiles }: Journal): LockContent {
  return { generator, migrations, files: new Map(Object.entries(entries)), ownFiles };
}
