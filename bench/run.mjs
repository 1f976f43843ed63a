#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeRepository, REPOSITORY_VARIABLE, scratchDirectory } from "./harness/repository.mjs";

const HELP = `usage: npm run bench [-- OPTIONS]

Runs the benchmarks of bench/, each against a named peer in the same run. Each can be run alone: node bench/NAME.mjs

  --only NAME[,NAME]   run these only
  --list               list the benchmarks
  --json               print the results as JSON on standard output, and nothing else there
  --help               print this text

Exit code: 0 every target is met, 1 one is missed or a benchmark failed, 2 wrong usage.`;

const directory = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    list: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const names = benchmarks();
if (values.list) {
  console.log(names.join("\n"));
  process.exit(0);
}
const only = values.only?.split(",");
const unknown = only?.filter((name) => !names.includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(", ")}. There are: ${names.join(", ")}`);
  process.exit(2);
}

const repository = await makeRepository(scratchDirectory("shared"));
const outcomes = [];
for (const name of only ?? names) {
  outcomes.push(await run(name));
}
if (values.json) {
  console.log(JSON.stringify({ date: new Date().toISOString(), node: process.version, benchmarks: outcomes }, null, 2));
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;

/** What can be run by itself says so in its first line; the other modules are shared by these. */
function benchmarks() {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".mjs") && file !== basename(fileURLToPath(import.meta.url)))
    .filter((file) => readFileSync(join(directory, file), "utf8").startsWith("#!"))
    .map((file) => basename(file, ".mjs"))
    .sort();
}

function run(name) {
  if (!values.json) {
    console.log(`\n=== ${name}`);
  }
  const started = performance.now();
  return new Promise((resolve) => {
    const child = fork(join(directory, `${name}.mjs`), [], {
      env: { ...process.env, [REPOSITORY_VARIABLE]: repository },
      stdio: ["ignore", values.json ? 2 : "inherit", "inherit", "ipc"],
    });
    const results = [];
    child.on("message", (message) => results.push(message));
    child.on("close", (code) =>
      resolve({ name, passed: code === 0, seconds: (performance.now() - started) / 1000, results }),
    );
  });
}
