// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { parseJson } from "../read-json.mjs";

/** Longest time that one call may take. */
const TIMEOUT_MS = 60_000;

/** What a program that was run said. `missing` where it is not on the PATH. */
export function run(program, args, { env = {}, timeout = TIMEOUT_MS } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, AWS_PAGER: "", ...env },
    maxBuffer: 64 * 1024 * 1024,
    timeout,
  });
  return {
    ok: status === 0,
    missing: error?.code === "ENOENT",
    stdout: stdout ?? "",
    stderr: (error?.code === "ETIMEDOUT" ? `timed out after ${timeout / 1000} seconds\n` : "") + (stderr ?? ""),
  };
}

/** The same, with its output as JSON under `value`; undefined where the program failed or printed something else. */
export function runJson(program, args, options) {
  const result = run(program, args, options);
  try {
    return { ...result, value: result.ok ? parseJson(result.stdout || "{}") : undefined };
  } catch {
    return { ...result, ok: false, stderr: `${program} did not print JSON: ${result.stdout.slice(0, 200)}` };
  }
}

/** The last line that a program wrote to say what was wrong. */
export function reasonOf({ stderr, stdout }) {
  const lines = `${stderr || stdout}`.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").at(-1) ?? "it said nothing";
}
