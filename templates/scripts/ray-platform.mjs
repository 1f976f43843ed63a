// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Starts the installed ray-platform, as the tasks do. In a fresh clone it says in a line what is missing.
//
//   node scripts/ray-platform.mjs COMMAND [ARGUMENT...]
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../node_modules/ray-platform/bin/ray-platform", import.meta.url));
if (existsSync(command)) {
  createRequire(import.meta.url)(command);
} else {
  console.error('nothing is installed here yet: run "npm ci --ignore-scripts", and then this command again');
  process.exitCode = 1;
}
