// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PRELOAD = fileURLToPath(new URL("process-usage.cjs", import.meta.url));

/**
 * Runs several commands in turns, so that whatever else the machine does falls on all of them alike.
 *
 * @param {{ [name: string]: { command: string[], cwd: string, env?: Record<string, string>, node?: string } }} commands
 *   `node` is the path of the Node that the command and everything it starts is to use
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

/** One run: wall time, processor time of all Node processes together, and the memory of the largest of them. */
export function runOnce(name, { command: [program, ...args], cwd, env, node = process.execPath }) {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-usage-"));
  try {
    const usageFile = join(directory, "usage.jsonl");
    const start = performance.now();
    const { status, stdout, stderr, error } = spawnSync(program === "node" ? node : program, args, {
      cwd,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
        NODE_OPTIONS: `--require=${JSON.stringify(PRELOAD)}`,
        BENCH_USAGE: usageFile,
        ...env,
      },
    });
    const wallMs = performance.now() - start;
    if (status !== 0) {
      throw new Error(`${name} failed (${error?.message ?? status}):\n${stdout}${stderr}`);
    }
    const usages = readFileSync(usageFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    return {
      wallMs,
      cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      rssMb: Math.max(...usages.map(({ rssMb }) => rssMb)),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
