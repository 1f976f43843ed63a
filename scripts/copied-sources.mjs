// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { exec } from "./command.mjs";

/**
 * This project's sources in a directory of their own, with the dependencies that are installed here.
 *
 * @param {string} repo @param {string} directory an empty directory, or one that is not there
 */
export async function copySources(repo, directory) {
  const { stdout } = await exec("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: repo });
  for (const path of stdout.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    cpSync(join(repo, path), join(directory, path), { recursive: true });
  }
  symlinkSync(join(repo, "node_modules"), join(directory, "node_modules"), "dir");
}

/** Compiles as a change of this project is compiled: derived sources first, then jsii. @param {string} directory */
export async function compileSources(directory, note) {
  await exec("npx", ["projen", "pre-compile"], { cwd: directory, note });
  await exec("npx", ["projen", "compile"], { cwd: directory, note });
}
