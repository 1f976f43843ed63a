// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync, writeSync } from "node:fs";

/** A program that allocates a gigabyte a second is found a few dozen MiB above its limit. */
const PROC_INTERVAL_MS = 20;
/** To ask `ps` takes a process. */
const PS_INTERVAL_MS = 200;

/** Where `bounded-program.ts` reads why a program was ended. */
const REPORT = 3;

/**
 * What a process of its own does, for `bounded-program.ts`: it starts a program, watches how long it runs and how much memory it has,
 * and ends it where that is too much. It ends as the program does.
 *
 * @param argv milliseconds, MiB, the program and its arguments
 */
export function supervise([milliseconds = "", mebibytes = "", program = "", ...args]: readonly string[]): void {
  const child = spawn(program, args, { stdio: ["inherit", "inherit", "inherit"] });
  child.on("error", ({ message }) => {
    writeSync(REPORT, `error ${message}`);
    process.exit(1);
  });
  child.on("exit", (code) => process.exit(code ?? 1));
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => child.kill("SIGKILL"));
  }
  setTimeout(() => end(child, "time"), Number(milliseconds));
  watch(child, Number(mebibytes) * 2 ** 20);
}

function watch(child: ChildProcess, most: number): void {
  const { pid } = child;
  const compare = (bytes: number) => {
    if (bytes > most) {
      end(child, "memory");
    }
  };
  if (pid === undefined || process.platform === "win32") {
    return;
  }
  if (process.platform === "linux") {
    setInterval(() => compare(residentOf(pid)), PROC_INTERVAL_MS);
    return;
  }
  setInterval(() => {
    execFile("/bin/ps", ["-o", "rss=", "-p", String(pid)], (error, stdout) => {
      compare(error === null ? Number(stdout.trim()) * 1024 : 0);
    });
  }, PS_INTERVAL_MS);
}

/** Bytes; 0 for a process that has ended. */
function residentOf(pid: number): number {
  try {
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function end(child: ChildProcess, reason: "time" | "memory"): void {
  if (child.exitCode === null && child.signalCode === null) {
    writeSync(REPORT, reason);
    child.kill("SIGKILL");
    process.exit(1);
  }
}
