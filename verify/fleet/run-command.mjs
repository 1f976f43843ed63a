// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";

/**
 * Runs a program to its end, and the thread waits for it: a thread that is terminated leaves no program behind that still
 * writes into the directory that is then removed.
 *
 * @throws Error with what it wrote to standard error
 */
export function run(command, args, options = {}) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
  }
}
