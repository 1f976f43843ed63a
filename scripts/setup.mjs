// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { exec } from "./command.mjs";

/** Root of this project. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Makes a bare clone ready: dependencies installed as the lock file says, sources compiled.
 * Does nothing that is done already, so that every command may begin with it.
 *
 * @param {import("./progress.mjs").Progress} progress
 */
export async function setUp(progress) {
  await installDependencies(progress);
  const sources = ["src", "templates/src/platform", "projenrc"].flatMap((directory) =>
    listFiles(join(ROOT, directory)),
  );
  const inputs = [...sources, join(ROOT, "tsconfig.json"), join(ROOT, "package.json")];
  const compiled = stamp("compile", inputs);
  if (!compiled.fresh || ![".jsii", "lib", "vendor"].every((output) => existsSync(join(ROOT, output)))) {
    await progress.step("Compile (jsii)", async (note) => {
      const env = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "20" };
      await exec("npx", ["projen", "pre-compile"], { cwd: ROOT, note });
      await exec("npx", ["projen", "compile"], { cwd: ROOT, note, env });
    });
    // Compiling may rewrite derived sources, so the stamp is taken afterwards.
    stamp("compile", inputs).write();
  }
}

/**
 * Installs what the lock file says, unless that is done: enough for commands that do not run the package itself.
 *
 * @param {import("./progress.mjs").Progress} progress
 */
export async function installDependencies(progress) {
  const installed = stamp("install", [join(ROOT, "package-lock.json")]);
  if (!installed.fresh || !existsSync(join(ROOT, "node_modules", ".package-lock.json"))) {
    await progress.step("Install dependencies (npm ci)", (note) =>
      exec("npm", ["ci", "--no-audit", "--no-fund"], { cwd: ROOT, note }),
    );
    installed.write();
  }
}

/**
 * Installs what the generator needs, which has a lock file of its own: nothing else here needs it.
 *
 * @param {import("./progress.mjs").Progress} progress
 */
export async function setUpGenerator(progress) {
  const generator = join(ROOT, "generator");
  const installed = stamp("generator", [join(generator, "package-lock.json")]);
  if (!installed.fresh || !existsSync(join(generator, "node_modules", ".package-lock.json"))) {
    await progress.step("Install the generator's dependencies (npm ci)", (note) =>
      exec("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: generator, note }),
    );
    installed.write();
  }
}

/**
 * Installs what the documentation site needs, which has a lock file of its own: nothing else here needs it. Of the
 * dependencies' scripts none is run.
 *
 * @param {import("./progress.mjs").Progress} progress
 */
export async function setUpSite(progress) {
  const site = join(ROOT, "site");
  const installed = stamp("site", [join(site, "package-lock.json")]);
  if (!installed.fresh || !existsSync(join(site, "node_modules", ".package-lock.json"))) {
    await progress.step("Install the site's dependencies (npm ci)", (note) =>
      exec("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: site, note }),
    );
    installed.write();
  }
}

function stamp(name, files) {
  const path = join(ROOT, "node_modules", ".cache", "ray-platform", `${name}.sha256`);
  const hash = createHash("sha256").update(process.version);
  for (const file of files) {
    hash.update(file).update(existsSync(file) ? readFileSync(file) : "");
  }
  const value = hash.digest("hex");
  return {
    fresh: existsSync(path) && readFileSync(path, "utf8") === value,
    write() {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, value);
    },
  };
}

function listFiles(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
