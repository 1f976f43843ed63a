// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { temporaryDirectory } from "../scripts/generate.mjs";

/** Works in a directory of its own, which is left to look at only if the work fails. */
export async function inOwnDirectory(name, work) {
  const directory = temporaryDirectory(`ray-platform-${name}`);
  try {
    const result = await work(directory);
    rmSync(directory, { recursive: true, force: true });
    return result;
  } catch (error) {
    error.message += `\nThe repositories are left in ${directory}`;
    throw error;
  }
}

/** Environment in which `node` and everything that it starts is the given Node. */
export function withNode(node) {
  return { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
}

/** What a commit would hold: text by path. */
export function committedFiles(directory, except = []) {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !/^(?:node_modules|\.git|build|cdktf\.out)[\\/]/.test(path) && !except.includes(path));
  return new Map(files.sort().map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}

/** @throws Error that names the files that only one has, or that differ */
export function assertSameFiles(expected, actual, what) {
  const paths = [...new Set([...expected.keys(), ...actual.keys()])];
  const different = paths.filter((path) => expected.get(path) !== actual.get(path));
  if (different.length > 0) {
    throw new Error(`${what}: ${different.length} files differ: ${different.slice(0, 10).join(", ")}`);
  }
}

/** `npx projen` must leave nothing to commit. @throws Error that lists what it changed */
export async function assertRegenerates(exec, directory, env) {
  await exec("npx", ["projen"], { cwd: directory, env });
  const { stdout } = await exec("git", ["status", "--porcelain"], { cwd: directory });
  if (stdout !== "") {
    throw new Error(`npx projen changed files in ${directory}:\n${stdout}`);
  }
}
