#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { terminalAdapter } from "../src/yeoman.js";

const EXPLAINED = "UserError";

try {
  const { main } = await import("../src/main.js");
  process.exitCode = await main(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 80,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    adapter: terminalAdapter,
  });
} catch (error) {
  // The core may be missing, which is found out while modules load.
  process.stderr.write(`${error.constructor.name === EXPLAINED ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
