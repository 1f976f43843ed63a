// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "./command.mjs";
import { GIT_IDENTITY, packArguments, packed, projenNewArguments } from "./packing.cjs";
import { ROOT } from "./setup.mjs";

/**
 * Packs this package, or that of another directory.
 *
 * @returns {Promise<string>} path of the tarball
 */
export async function pack(directory, note, cwd = ROOT) {
  mkdirSync(directory, { recursive: true });
  const { stdout } = await exec("npm", packArguments(directory), { cwd, note });
  return join(directory, packed(stdout).filename);
}

/**
 * Makes a repository as a user does: `projen new --from` the tarball, in an empty directory outside of this project, so
 * that nothing of ours is found by accident.
 *
 * @param {{ directory: string, tarball: string, flags?: string[], projen?: string, env?: Record<string, string>, note?: (line: string) => void }} props
 *   `projen` is the version to use, by default the one that generated repositories get
 */
export async function generate({ directory, tarball, flags = [], projen = toolchainProjen(), env, note }) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await exec("npx", projenNewArguments({ projen, tarball, flags }), {
    cwd: directory,
    note,
    env: { ...GIT_IDENTITY, ...env },
  });
}

function toolchainProjen() {
  return JSON.parse(readFileSync(join(ROOT, "data", "toolchain.json"), "utf8")).projen;
}

/** A directory of its own below the system's temporary directory. */
export function temporaryDirectory(name) {
  return mkdtempSync(join(tmpdir(), `${name}-`));
}

/** Removes a temporary directory; what cannot be removed is left to the system, and said. */
export function removeDirectory(directory) {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    console.warn(`${directory} is left: ${error.message}`);
  }
}

export { GIT_IDENTITY };
