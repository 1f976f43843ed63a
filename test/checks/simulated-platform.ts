// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { PlatformConfig } from "../../templates/src/platform/platform-config";

/** What a program answers to a command line. */
export interface Answer {
  readonly program: "aws" | "kubectl" | "ray";
  /** Beginning of the command line, where `*` stands for anything. */
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** Stays until it is ended, as a tunnel does. */
  readonly stays?: boolean;
}

/** An answer as JSON. */
export const json = (program: Answer["program"], when: string, value: object): Answer => ({
  program,
  when,
  stdout: JSON.stringify(value),
});

/** A refusal, as the program prints it. */
export const fails = (program: Answer["program"], when: string, stderr: string): Answer => ({
  program,
  when,
  stderr,
  status: program === "aws" ? 254 : 1,
});

/** A line of a report of a checking script. */
export interface Finding {
  readonly check: string;
  readonly status: "ok" | "broken" | "not checked";
  readonly detail: string;
  readonly code?: string;
  readonly fix?: string;
  readonly see?: string;
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Command lines of the programs, in their order. */
  readonly calls: readonly string[];
  /** Where it was called with `--json`. */
  readonly findings: readonly Finding[];
}

/** A call of a checking script on a platform that is in a given state. */
export interface CheckRun {
  readonly args: readonly string[];
  readonly config: PlatformConfig;
  /** What is answered before the answers of the platform that all runs begin with: the first that fits counts. */
  readonly answers?: readonly Answer[];
  /** Programs that are not on the PATH. */
  readonly missing?: readonly string[];
}

/**
 * Runs a checking script, once for each run, where aws, kubectl and ray only answer. A question without an answer is an error
 * of the test.
 *
 * @param base what is answered where a run says nothing else
 */
export function runChecks(script: string, base: readonly Answer[], runs: readonly CheckRun[]): Outcome[] {
  return inRepository((directory) => {
    const input = {
      answers: { base },
      runs: runs.map(({ args, config, answers = [], missing = [] }) => ({
        script,
        args,
        config,
        answers,
        missing,
        base: "base",
      })),
    };
    writeFileSync(join(directory, "runs.json"), JSON.stringify(input));
    const driver = join(__dirname, "run-checks.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [driver, "runs.json"], {
      cwd: directory,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    if (status !== 0) {
      throw new Error(stderr);
    }
    const outcomes = JSON.parse(stdout) as Omit<Outcome, "findings">[];
    return outcomes.map((outcome, index) => ({
      ...outcome,
      findings: runs[index]?.args.includes("--json") ? JSON.parse(outcome.stdout).findings : [],
    }));
  });
}

/** Runs a checking script for real, where no program is on the PATH. */
export function runForReal(script: string, args: readonly string[], config: PlatformConfig): Omit<Outcome, "calls"> {
  return inRepository((directory) => {
    writeFileSync(join(directory, "src/platform/platform.json"), JSON.stringify(config));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join("scripts", script), ...args], {
      cwd: directory,
      encoding: "utf8",
      env: { PATH: join(directory, "empty") },
    });
    return { status, stdout, stderr, findings: args.includes("--json") ? JSON.parse(stdout).findings : [] };
  });
}

function inRepository<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "check-"));
  try {
    cpSync(join(PACKAGE_ROOT, "templates/scripts"), join(directory, "scripts"), { recursive: true });
    cpSync(join(PACKAGE_ROOT, "templates/examples"), join(directory, "examples"), { recursive: true });
    mkdirSync(join(directory, "src/platform"), { recursive: true });
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
