// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { removeDirectory, temporaryDirectory } from "./generate.mjs";
import { Progress } from "./progress.mjs";
import { ROOT, setUp } from "./setup.mjs";
import { testGenerator } from "./test-generator.mjs";

if (process.argv.includes("--help")) {
  console.log(
    "usage: npm test [-- JEST-ARGUMENTS]\n\nInstalls and compiles what is missing, lints, then runs the tests. With arguments it runs the tests that they choose,\nand does not lint.\nExit code: 0 all passed, 1 some failed.",
  );
  process.exit(0);
}
const jestArguments = process.argv.slice(2);
const progress = new Progress();
await setUp(progress);
const linted = jestArguments.length > 0 || node("@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]);
// Tests that kill what they test cannot tidy up after it: all of their temporary files lie in one directory.
const temporary = temporaryDirectory("ray-platform-tests");
const env = { ...process.env, TMPDIR: temporary, TEMP: temporary };
const passed = node("jest/bin/jest.js", ["--ci", ...jestArguments], env);
// Arguments are for jest, and choose among its tests.
const generatorPassed = jestArguments.length > 0 || (await testGenerator(progress, env));
removeDirectory(temporary);
process.exit(linted && passed && generatorPassed ? 0 : 1);

/** Runs a program of an installed package. Whether it succeeded. */
function node(program, args, env = process.env) {
  const path = join(ROOT, "node_modules", program);
  return spawnSync(process.execPath, [path, ...args], { cwd: ROOT, stdio: "inherit", env }).status === 0;
}
