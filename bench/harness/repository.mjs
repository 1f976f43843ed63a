// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../../scripts/command.mjs";
import { generate, pack, temporaryDirectory } from "../../scripts/generate.mjs";
import { Progress } from "../../scripts/progress.mjs";
import { ROOT, setUp } from "../../scripts/setup.mjs";
import { installTool } from "../../verify/install-tool.mjs";

/** Names a repository that an earlier benchmark of the same `npm run bench` made. */
export const REPOSITORY_VARIABLE = "RAY_PLATFORM_BENCH_REPOSITORY";

export const progress = new Progress();
const scratch = [];

/** A directory that is removed when the benchmark ends. */
export function scratchDirectory(name) {
  const directory = temporaryDirectory(`ray-platform-bench-${name}`);
  scratch.push(directory);
  return directory;
}

process.on("exit", () => {
  for (const directory of scratch) {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** The default repository, made from the packed tarball, installed and compiled. */
export async function defaultRepository() {
  const given = process.env[REPOSITORY_VARIABLE];
  return given ?? makeRepository(scratchDirectory("default"));
}

/** @param {string} base directory to make it in */
export async function makeRepository(base) {
  const directory = join(base, "platform");
  await setUp(progress);
  await progress.step("Make and compile the default repository", async (note) => {
    const tarball = await pack(base, note);
    await generate({ directory, tarball, note });
    await exec("npx", ["projen", "synth"], { cwd: directory, note });
  });
  return directory;
}

/** A copy to change at will; it shares the installed dependencies of the original. */
export function copyOf(repository, name) {
  const copy = join(scratchDirectory(name), "platform");
  mkdirSync(copy);
  cpSync(repository, copy, {
    recursive: true,
    filter: (source) => source !== join(repository, "node_modules") && source !== join(repository, ".git"),
  });
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

/** Path of a pinned program, see verify/tools.json. */
export async function pinnedTool(name) {
  const tools = JSON.parse(readFileSync(join(ROOT, "verify", "tools.json"), "utf8"));
  return progress.step(`Install ${name} ${tools[name].version}`, (note) => installTool(name, tools[name], note));
}
