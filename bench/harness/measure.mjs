// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PRELOAD = fileURLToPath(new URL("peak-memory.cjs", import.meta.url));

/** Runs a command, and then says what it and everything that it waited for used. `times` is POSIX; its last line counts. */
const TIMES = '"$@"; code=$?; times >&3; exit $code';

/**
 * Runs several commands in turns, so that whatever else the machine does falls on all of them alike.
 *
 * @param {{ [name: string]: { command: string[], cwd: string, env?: Record<string, string>, node?: string, accepted?: number[] } }} commands
 *   `node` is the path of the Node that the command and everything it starts is to use; `accepted` are its exit codes,
 *   by default 0
 * @param {{ runs: number, warmups?: number }} options
 * @returns {{ [name: string]: Measurement }} of each command
 */
export function measureInTurns(commands, options) {
  const samples = sampleInTurns(Object.keys(commands), options, (name) => runOnce(name, commands[name]));
  return Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, summary(list)]));
}

/**
 * Takes samples by names in turns.
 *
 * @template T
 * @param {string[]} names
 * @param {{ runs: number, warmups?: number }} options
 * @param {(name: string) => T} sample
 * @returns {{ [name: string]: T[] }}
 */
export function sampleInTurns(names, { runs, warmups = 1 }, sample) {
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let run = -warmups; run < runs; run++) {
    for (const name of names) {
      const taken = sample(name);
      if (run >= 0) {
        samples[name].push(taken);
      }
    }
  }
  return samples;
}

/** @typedef {{ wallMs: number, minWallMs: number, cpuMs: number, rssMb: number }} Measurement medians, and the fastest run */

function summary(samples) {
  const of = (key) => samples.map((sample) => sample[key]);
  return {
    wallMs: median(of("wallMs")),
    minWallMs: Math.min(...of("wallMs")),
    cpuMs: median(of("cpuMs")),
    rssMb: median(of("rssMb")),
  };
}

/**
 * One run: wall time, processor time (user and system) of the command and all that it starts, and the memory of the
 * largest Node process among them. As on a developer's machine: where CI is set, every command renders anew.
 */
export function runOnce(name, { command: [program, ...args], cwd, env, node = process.execPath, accepted = [0] }) {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-usage-"));
  try {
    const memoryFile = join(directory, "memory");
    const { CI: _, ...environment } = process.env;
    const start = performance.now();
    const { status, stdout, stderr, output, error } = spawnSync("sh", ["-c", TIMES, "sh", program, ...args], {
      cwd,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...environment,
        LC_ALL: "C",
        PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
        NODE_OPTIONS: `--require=${JSON.stringify(PRELOAD)}`,
        BENCH_MEMORY: memoryFile,
        ...env,
      },
    });
    const wallMs = performance.now() - start;
    if (!accepted.includes(status)) {
      throw new Error(`${name} failed (${error?.message ?? status}):\n${stdout}${stderr}`);
    }
    const memory = existsSync(memoryFile) ? readFileSync(memoryFile, "utf8").trim().split("\n").map(Number) : [];
    return { wallMs, cpuMs: childrensMs(output[3]), rssMb: Math.max(0, ...memory) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Reads the last line of `times`, such as `0m1.250s 0m0.080s`: user and system time of what the shell waited for. */
function childrensMs(times) {
  const parts = [
    ...times
      .trim()
      .split("\n")
      .at(-1)
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  if (parts.length !== 2) {
    throw new Error(`the shell's "times" says ${JSON.stringify(times)}`);
  }
  return parts.reduce((sum, [, minutes, seconds]) => sum + 1000 * (60 * Number(minutes) + Number(seconds)), 0);
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
