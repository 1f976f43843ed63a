// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../../explained-error";
import { isObject, nestsTooDeeply, objectOf } from "../../json-object";
import { hasUnseen } from "../../log-text";
import { compareVersions } from "../../version-order";
import { canHoldBlock } from "../files/block-text";
import { readDiskFile } from "../files/disk-file";
import { toPlainText } from "../files/line-endings";
import type { OwnershipClass } from "../files/ownership";
import { pathProblem } from "../files/project-path";

/** Where the lock lies, relative to the project. */
export const LOCK_PATH = ".ray-platform/lock.json";

/** What is known about a file that an earlier run wrote. */
export interface LockEntry {
  readonly class: OwnershipClass;
  readonly component: string;
  /** Version of ray-platform that wrote this content. */
  readonly version: string;
  /**
   * Hash of what that version rendered: the file, or a block's body. For seeded and released files it is also the
   * name of the merge base in `.ray-platform/base/`.
   */
  readonly sha256: string;
  /** Permission bits in octal, such as `444`. */
  readonly mode: string;
  /** The options that shape it; absent where none does. */
  readonly options?: readonly string[];
}

/** What the last run left behind. */
export interface Lock {
  /** Version of ray-platform that ran last. */
  readonly generator: string;
  /** Ids of the migrations that this repository has behind it; undefined in a lock that does not list them. */
  readonly migrations: readonly string[] | undefined;
  readonly files: ReadonlyMap<string, LockEntry>;
  /** Files of the user's own in directories that are otherwise generated: the option `release` names them. */
  readonly ownFiles: readonly string[];
  /** Hashes that a path had on the other side of an unresolved merge of the lock itself. */
  readonly alternatives: ReadonlyMap<string, readonly string[]>;
}

/** Thrown when the lock cannot be understood. */
export class LockError extends ExplainedError {
  public constructor(problem: string) {
    super(
      `${LOCK_PATH}: ${problem}. Restore it with "git checkout -- ${LOCK_PATH}", or delete it: the next run writes it ` +
        "again and keeps a copy of every file that differs from what it generates.",
    );
  }
}

const FORMAT = 1;
/** How much of a path that is refused is repeated. */
const SHOWN = 200;
const CLASSES: ReadonlySet<string> = new Set(["managed", "seeded", "block", "released"]);
const MIGRATION_LINE = /^\s*"([a-z0-9-]+)",?\s*$/;
/** The longest line is an entry with a path of the greatest length; a longer one is none of ours. */
const LONGEST_LINE = 16 * 1024;
const ENTRY_LINE = /^\s*("(?:[^"\\]|\\.)*"):\s*(\{.*\}),?\s*$/;

const NO_LOCK: Lock = {
  generator: "0.0.0",
  migrations: undefined,
  files: new Map(),
  ownFiles: [],
  alternatives: new Map(),
};

/** Reads the lock of a project. @throws LockError if it cannot be understood. */
export function readLock(root: string): { readonly lock: Lock; readonly text: string | undefined } {
  const disk = readDiskFile(root, LOCK_PATH, new Set());
  switch (disk.kind) {
    case "absent":
      return { lock: NO_LOCK, text: undefined };
    case "file": {
      // Git may have checked it out with other line ends.
      const text = toPlainText(disk.content).toString("utf8");
      return { lock: parseLock(text), text };
    }
    case "obstructed":
      throw new LockError(`${disk.by} is in its place`);
    case "unreachable":
      throw new LockError(disk.problem);
  }
}

/** What was parsed last: a command asks for the same lock several times. */
let parsedLast: { readonly text: string; readonly lock: Lock } | undefined;

/** Reads the text of a lock. @throws LockError */
export function parseLock(text: string): Lock {
  if (parsedLast?.text !== text) {
    parsedLast = { text, lock: parse(text) };
  }
  return parsedLast.lock;
}

function parse(text: string): Lock {
  const merged = /^<{7} /m.test(text);
  const raw = merged ? readConflicted(text) : readJson(text);
  const files = new Map<string, LockEntry>();
  const alternatives = new Map<string, string[]>();
  for (const [path, value] of raw.entries) {
    const problem = pathProblem(path);
    if (problem !== undefined) {
      throw new LockError(`it names ${JSON.stringify(path.slice(0, SHOWN))}, which is refused because ${problem}`);
    }
    const entry = asEntry(path, value);
    const earlier = files.get(path);
    if (earlier === undefined) {
      files.set(path, entry);
      continue;
    }
    // Whoever wrote the newer entry has deleted the merge base of the older one.
    const [older, newer] = compareVersions(earlier.version, entry.version) > 0 ? [entry, earlier] : [earlier, entry];
    alternatives.set(path, [...(alternatives.get(path) ?? []), older.sha256]);
    files.set(path, newer);
  }
  return { generator: raw.generator, migrations: raw.migrations, files, ownFiles: raw.ownFiles, alternatives };
}

/** A step between versions, as far as a lock knows it. */
export interface MigrationStep {
  readonly id: string;
  /** The version that brought it. */
  readonly version: string;
}

/**
 * The steps that a repository has not been through. Its lock lists those that it has behind it; in a lock without the list
 * its version tells.
 */
export function missingMigrations<T extends MigrationStep>(
  { generator, migrations }: Pick<Lock, "generator" | "migrations">,
  known: readonly T[],
): T[] {
  return known.filter(({ id, version }) =>
    migrations === undefined ? compareVersions(generator, version) < 0 : !migrations.includes(id),
  );
}

/** What a lock says. */
export type LockContent = Pick<Lock, "generator" | "migrations" | "files"> & Partial<Pick<Lock, "ownFiles">>;

/**
 * The text of a lock: sorted, one line per file and migration, so that a merge of two branches conflicts only where they
 * differ.
 */
export function formatLock({ generator, migrations, files, ownFiles = [] }: LockContent): string {
  const lines = [...files.keys()].sort().map((path) => {
    const { class: owner, component, version, sha256, mode, options } = files.get(path) as LockEntry;
    return `    ${JSON.stringify(path)}: ${JSON.stringify({ class: owner, component, version, sha256, mode, options })}`;
  });
  const ids = (migrations ?? []).map((id) => `\n    ${JSON.stringify(id)}`);
  const list = ids.length === 0 ? "[]" : `[${ids.join(",")}\n  ]`;
  return [
    "{",
    `  "format": ${FORMAT},`,
    `  "generator": ${JSON.stringify(generator)},`,
    ...(migrations === undefined ? [] : [`  "migrations": ${list},`]),
    ...(ownFiles.length === 0 ? [] : [`  "ownFiles": ${JSON.stringify([...ownFiles].sort())},`]),
    `  "files": {\n${lines.join(",\n")}\n  }`,
    "}\n",
  ].join("\n");
}

interface RawLock {
  readonly generator: string;
  readonly migrations: readonly string[] | undefined;
  readonly ownFiles: readonly string[];
  readonly entries: ReadonlyArray<readonly [string, unknown]>;
}

function readJson(text: string): RawLock {
  if (nestsTooDeeply(text)) {
    throw new LockError("it nests too deeply");
  }
  let value: unknown;
  try {
    // A user may delete a file's line, the last one too, whose predecessor then ends in a comma.
    value = JSON.parse(text.replace(/,(\s*\}\s*\}\s*)$/, "$1"));
  } catch {
    throw new LockError("it is not JSON");
  }
  const { format, generator, migrations, files, ownFiles = [] } = (value ?? {}) as Record<string, unknown>;
  if (format !== FORMAT) {
    const found = typeof format === "number" ? format : "no number";
    throw new LockError(`its format is ${found}, and this version reads ${FORMAT}`);
  }
  if (!isPlain(generator) || !isObject(files)) {
    throw new LockError('it lacks "generator" or "files"');
  }
  if (migrations !== undefined && !isIdList(migrations)) {
    throw new LockError('"migrations" is not a list of names');
  }
  if (!isPathList(ownFiles)) {
    throw new LockError('"ownFiles" is not a list of paths');
  }
  return { generator, migrations, ownFiles, entries: Object.entries(files) };
}

/**
 * Git left conflict markers: every entry of both sides counts as something that we wrote. A migration counts only if
 * both sides have it behind them, and what may be missing on one side is harmless on the other.
 */
function readConflicted(text: string): RawLock {
  const entries: Array<readonly [string, unknown]> = [];
  const migrations: string[] = [];
  const ownFiles = new Set<string>();
  let generator: string | undefined;
  let isShared = true;
  for (const line of text.split("\n")) {
    if (line.length > LONGEST_LINE) {
      throw new LockError(`it has conflict markers and a line of more than ${LONGEST_LINE} characters`);
    }
    isShared = /^>{7}/.test(line) || (isShared && !/^<{7}/.test(line));
    const migration = MIGRATION_LINE.exec(line)?.[1];
    if (migration !== undefined && isShared) {
      migrations.push(migration);
    }
    const version = /^\s*"generator":\s*"([^"]*)"/.exec(line);
    const entry = ENTRY_LINE.exec(line);
    for (const path of ownFilesIn(line)) {
      ownFiles.add(path);
    }
    if (version?.[1] !== undefined) {
      // The older one: its migrations may be missing on that side, and are harmless on the other.
      generator = generator === undefined || compareVersions(version[1], generator) < 0 ? version[1] : generator;
    } else if (entry?.[1] !== undefined && entry[2] !== undefined) {
      try {
        entries.push([JSON.parse(entry[1]) as string, JSON.parse(entry[2])]);
      } catch {
        throw new LockError("it has conflict markers and a line that is not JSON");
      }
    }
  }
  return {
    generator: generator ?? "0.0.0",
    migrations: /^[ \t]*"migrations":/m.test(text) ? migrations : undefined,
    ownFiles: [...ownFiles],
    entries,
  };
}

function ownFilesIn(line: string): readonly string[] {
  const list = /^\s*"ownFiles":\s*(\[.*\]),?\s*$/.exec(line)?.[1];
  if (list === undefined) {
    return [];
  }
  const paths = parsed(list);
  if (!isPathList(paths)) {
    throw new LockError('"ownFiles" is not a list of paths');
  }
  return paths;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The value itself is checked, and copied: what only looks right as text is no entry. */
function asEntry(path: string, value: unknown): LockEntry {
  const { class: owner, component, version, sha256, mode, options } = objectOf(value);
  if (
    !(typeof owner === "string" && CLASSES.has(owner)) ||
    (owner === "block" && !canHoldBlock(path)) ||
    !isPlain(component) ||
    !isPlain(version) ||
    !(typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256)) ||
    !(typeof mode === "string" && /^[0-7]{3}$/.test(mode)) ||
    !(options === undefined || isPlainList(options))
  ) {
    throw new LockError(`its entry for ${JSON.stringify(path.slice(0, SHOWN))} is not valid`);
  }
  return {
    class: owner as OwnershipClass,
    component,
    version,
    sha256,
    mode,
    ...(options === undefined ? {} : { options }),
  };
}

function isPlainList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isPlain);
}

function isPathList(value: unknown): value is string[] {
  const isPath = (path: unknown) => typeof path === "string" && pathProblem(path.replace(/\/$/, "")) === undefined;
  return Array.isArray(value) && value.every(isPath);
}

function isIdList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === "string" && /^[a-z0-9-]+$/.test(id));
}

/** Text that may be printed: no line of a log can be forged with it. */
function isPlain(value: unknown): value is string {
  return typeof value === "string" && !hasUnseen(value);
}
