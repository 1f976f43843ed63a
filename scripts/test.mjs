// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { removeDirectory, temporaryDirectory } from "./generate.mjs";
import { Progress } from "./progress.mjs";
import { ROOT, setUp } from "./setup.mjs";
import { testGenerator } from "./test-generator.mjs";

if (process.argv.includes("--help")) {
  console.log(
    "usage: npm test [-- JEST-ARGUMENTS]\n\nInstalls and compiles what is missing, lints, checks the tests' types, then runs the tests. With arguments it runs the tests that they choose,\nand does not lint.\nExit code: 0 all passed, 1 some failed.",
  );
  process.exit(0);
}
const jestArguments = process.argv.slice(2);
const progress = new Progress();
await setUp(progress);
const linted =
  jestArguments.length > 0 ||
  (node("@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]) &&
    node("typescript/bin/tsc", ["--noEmit", "--project", "test/tsconfig.json"]));
// Tests that kill what they test cannot tidy up after it: all of their temporary files lie in one directory.
const temporary = temporaryDirectory("ray-platform-tests");
const env = { ...process.env, TMPDIR: temporary, TEMP: temporary };
const passed = node("jest/bin/jest.js", ["--ci", ...jestArguments, ...leftOut()], env);
// Arguments are for jest, and choose among its tests.
const generatorPassed = jestArguments.length > 0 || (await testGenerator(progress, env));
removeDirectory(temporary);
process.exit(linted && passed && generatorPassed ? 0 : 1);

/** Tests that cannot run on this system; each is named. */
function leftOut() {
  const limits = JSON.parse(readFileSync(join(ROOT, "test", "platform-limits.json"), "utf8"))[process.platform] ?? {};
  const names = Object.keys(limits);
  for (const name of names) {
    console.log(`NOT RUN on ${process.platform}: ${name}: ${limits[name]}`);
  }
  // Jest compares a pattern with the path as the system writes it.
  const patterns = names.map((name) => ["", ...name.split("/")].join("[\\\\/]") + "[.\\\\/]");
  return patterns.length === 0 ? [] : ["--testPathIgnorePatterns", "[\\\\/]node_modules[\\\\/]", ...patterns];
}

/** Runs a program of an installed package. Whether it succeeded. */
function node(program, args, env = process.env) {
  const path = join(ROOT, "node_modules", program);
  return spawnSync(process.execPath, [path, ...args], { cwd: ROOT, stdio: "inherit", env }).status === 0;
}
