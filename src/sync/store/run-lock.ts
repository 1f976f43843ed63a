// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { ExplainedError } from "../../explained-error";
import { trackedProblem, trackedState } from "./tracked-state";

const RUN_LOCK_PATH = ".ray-platform/run.lock";

/** How long a second run waits for the first. A regeneration takes far less. */
const PATIENCE_MS = 10_000;
const POLL_MS = 50;
/** A lock without content is being written; after this time its writer died before it could write. */
const EMPTY_LOCK_MS = 2_000;
/** A lock names a process and a machine. */
const MOST_BYTES = 4_096;

interface Holder {
  readonly pid: number;
  /** When the process started: a pid alone may have been given to another process since. */
  readonly started: string;
  readonly host: string;
}

/** Runs `action` while no other run writes to the project. A lock left by a dead process is taken over. */
export function withRunLock<T>(root: string, action: () => T): T {
  const path = join(root, RUN_LOCK_PATH);
  acquire(root, path);
  try {
    return action();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(root: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    if (create(path)) {
      return;
    }
    const [tracked] = trackedState(root, [RUN_LOCK_PATH]);
    if (tracked !== undefined) {
      throw new ExplainedError(trackedProblem(tracked));
    }
    const text = read(path);
    if (Date.now() > deadline) {
      throw new ExplainedError(
        `another run has been writing to this project for more than ${PATIENCE_MS / 1000} s: ${text ?? "it has just begun"}. ` +
          `If it no longer runs, delete ${RUN_LOCK_PATH}.`,
      );
    }
    if (text !== undefined && isStale(path, text)) {
      takeAway(path, text);
    } else {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  }
}

function create(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
  const holder: Holder = { pid: process.pid, started: startTime(process.pid) ?? UNKNOWN, host: machine() };
  writeSync(descriptor, JSON.stringify(holder));
  closeSync(descriptor);
  return true;
}

/** The text of a lock; undefined if it is gone. What is no file could be read for ever. */
function read(path: string): string | undefined {
  try {
    const stat = lstatSync(path);
    if (!stat.isFile() || stat.size > MOST_BYTES) {
      throw new Error("it is not the lock of a run");
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isAbsence(error)) {
      return undefined;
    }
    throw unusable(error as Error);
  }
}

function isAbsence(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function unusable({ message }: Error): ExplainedError {
  return new ExplainedError(
    `${RUN_LOCK_PATH}, which keeps two runs apart, cannot be used: ${message}. If no other run works on this project, ` +
      "delete it.",
  );
}

function isStale(path: string, text: string): boolean {
  const holder = holderOf(text);
  if (holder === undefined) {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat !== undefined && Date.now() - stat.mtimeMs > EMPTY_LOCK_MS;
  }
  // Processes of another machine or container cannot be looked up from here.
  if (holder.host !== machine()) {
    return false;
  }
  const started = startTime(holder.pid);
  return started !== UNKNOWN && started !== holder.started;
}

function holderOf(text: string): Holder | undefined {
  try {
    const { pid, started, host } = JSON.parse(text) as Partial<Holder>;
    const isHolder = Number.isSafeInteger(pid) && typeof started === "string" && typeof host === "string";
    return isHolder ? { pid: pid as number, started, host } : undefined;
  } catch {
    return undefined;
  }
}

/** This machine and, as a container may share its name, the space in which process numbers count. */
export function machine(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname(); // Not Linux.
  }
}

/** Removes a stale lock, unless somebody replaced it by a live one in the meantime. */
function takeAway(path: string, text: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isAbsence(error)) {
      return; // Another run took it away first.
    }
    throw unusable(error as Error);
  }
  if (read(aside) !== text && create(path)) {
    // It was a live lock after all: put it back as it was.
    renameSync(aside, path);
    return;
  }
  rmSync(aside, { force: true });
}

/** There is such a process, or may be, and the system does not say when it started. */
const UNKNOWN = "";

/** When a process started, in whatever unit the system has; undefined if there is no such process. */
function startTime(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The second field is the program's name in parentheses and may contain anything; field 22 is the start time.
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    } catch (error) {
      return ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "") ? undefined : UNKNOWN;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") {
      return undefined;
    }
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return UNKNOWN;
  }
}
