// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { runnerVariables } from "./program-variables";

/** What a program came to. */
export interface ProgramRun {
  /** Its exit code; as a shell has it, 127 where it could not be started, and 124 where it took too long or printed too much. */
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
}

export interface ProgramProps {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMinutes?: number;
}

/** Characters; a report of many thousand findings has a tenth of it. */
const MOST_OUTPUT = 32 * 2 ** 20;

/** What runs now. Each leads a group of its own, with everything that it starts. */
const running = new Set<ChildProcess>();

/** Ends what runs, with everything that it has started: nobody would wait for it any more. */
export function endPrograms(): void {
  running.forEach(endGroup);
}

function endGroup(leader: ChildProcess): void {
  try {
    if (leader.pid === undefined || process.platform === "win32") {
      leader.kill("SIGKILL");
    } else {
      process.kill(-leader.pid, "SIGKILL");
    }
  } catch {
    // It ended in this moment.
  }
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = runnerVariables(), timeoutMinutes = 10 }: ProgramProps,
): Promise<ProgramRun> {
  return new Promise((resolve) => {
    let output = "";
    let isEnded = false;
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    running.add(child);
    const endIt = (): void => {
      isEnded = true;
      endGroup(child);
    };
    // Later output is dropped: nobody reads that much, and it would fill memory.
    const add = (text: string): void => {
      if (isEnded) {
        return;
      }
      output += text;
      if (output.length > MOST_OUTPUT) {
        output = `${output.slice(0, MOST_OUTPUT)}\nIt printed more than ${MOST_OUTPUT / 2 ** 20} MiB, and was ended.\n`;
        endIt();
      }
    };
    const timer = setTimeout(endIt, timeoutMinutes * 60_000);
    child.stdout.setEncoding("utf8").on("data", add);
    child.stderr.setEncoding("utf8").on("data", add);
    child.on("error", (error) => {
      running.delete(child);
      clearTimeout(timer);
      resolve({ code: 127, output: `${output}${error.message}\n` });
    });
    child.on("close", (code) => {
      running.delete(child);
      clearTimeout(timer);
      resolve({ code: isEnded ? 124 : (code ?? 137), output });
    });
  });
}

/** Runs a script as GitHub's runner runs it with `shell: bash`. */
export function runScript(script: string, props: ProgramProps): Promise<ProgramRun> {
  return runProgram("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], props);
}
