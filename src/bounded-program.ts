// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { join } from "node:path";
import { PACKAGE_ROOT } from "./package-root";

/** How much a program may take before it is ended. */
export interface Bounds {
  readonly milliseconds: number;
  /** Resident memory in MiB. */
  readonly mebibytes: number;
}

/** What a program gets, and how much of everything it may take. */
export interface BoundedRun extends Bounds {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input: string;
}

/** How a program ended. */
export interface BoundedResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was ended; undefined where it came to its end. */
  readonly exceeded?: "time" | "memory";
  readonly error?: Error;
}

const SUPERVISOR = join(PACKAGE_ROOT, "lib", "program-supervisor.js");
const SUPERVISE = `require(${JSON.stringify(SUPERVISOR)}).supervise(process.argv.slice(1))`;
const MOST_OUTPUT = 1024 * 1024 * 1024;
/** What the supervisor itself takes to begin and to end. */
const GRACE_MS = 10_000;

/**
 * Runs a program on data that anybody may have written, and ends it where it takes too long or too much memory. The limits that a
 * shell can set are no help: they count address space, which Go reserves without using it, and macOS does not know them.
 */
export function runBounded(
  program: string,
  args: readonly string[],
  { cwd, env, input, milliseconds, mebibytes }: BoundedRun,
): BoundedResult {
  const run: SpawnSyncReturns<string> = spawnSync(
    process.execPath,
    ["-e", SUPERVISE, "--", String(milliseconds), String(mebibytes), program, ...args],
    {
      cwd,
      env,
      input,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      encoding: "utf8",
      maxBuffer: MOST_OUTPUT,
      timeout: milliseconds + GRACE_MS,
      killSignal: "SIGKILL",
    },
  );
  const { status, stdout, stderr, error } = run;
  const said = run.output?.[3] ?? "";
  if (said.startsWith("error ")) {
    return { status, stdout, stderr, error: new Error(said.slice("error ".length)) };
  }
  if (said === "memory" || said === "time" || (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT") {
    return { status, stdout, stderr, exceeded: said === "memory" ? "memory" : "time" };
  }
  return { status, stdout, stderr, ...(error && { error }) };
}
