// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../command.mjs";
import { compileSources, copySources } from "../copied-sources.mjs";
import { pack, temporaryDirectory } from "../generate.mjs";
import { ROOT } from "../setup.mjs";

/**
 * Packs this package under a version. In the repository it is 0.0.0, and jsii writes the version into what it compiles: a
 * copy of the sources is compiled, and nothing here changes.
 *
 * @returns {Promise<string>} path of the tarball
 */
export async function packVersion(directory, version, note) {
  const base = temporaryDirectory("ray-platform-version");
  try {
    // What is bundled is what npm packs here; the copy has only a link to what is installed.
    const unversioned = await unpack(await pack(join(base, "unversioned"), note), join(base, "unversioned"));
    const sources = join(base, "sources");
    await copySources(ROOT, sources);
    const manifest = join(sources, "package.json");
    writeFileSync(manifest, `${JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), version }, null, 2)}\n`);
    await compileSources(sources, note);
    rmSync(join(sources, "node_modules"));
    renameSync(join(unversioned, "node_modules"), join(sources, "node_modules"));
    return await pack(directory, note, sources);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** @param {string} tarball @param {string} directory @returns {Promise<string>} the directory of the package */
export async function unpack(tarball, directory) {
  mkdirSync(directory, { recursive: true });
  await exec("tar", ["-xzf", tarball, "-C", directory]);
  return join(directory, "package");
}
