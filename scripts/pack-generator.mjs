// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "./generate.mjs";
import { ROOT } from "./setup.mjs";

/**
 * Packs the generator as it is published: with the version of the package, which it then depends on. In the workspace
 * it uses the sources around it instead, which npm could not install.
 *
 * @returns {Promise<string>} path of the tarball
 */
export async function packGenerator(directory, note, version = ownVersion()) {
  const staging = join(directory, "generator");
  mkdirSync(directory, { recursive: true });
  const source = join(ROOT, "generator");
  cpSync(source, staging, { recursive: true, filter: (path) => !/[\\/](?:node_modules|test)$/.test(path) });
  cpSync(join(ROOT, "LICENSE"), join(staging, "LICENSE"));
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const { peerDependencies: _own, peerDependenciesMeta: _optional, scripts: _tests, ...published } = manifest;
  // The peers of ray-platform are optional there, because a repository that left generation has none; here it generates.
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const dependencies = { ...manifest.dependencies, ...peerDependencies, "ray-platform": version };
  writeFileSync(join(staging, "package.json"), JSON.stringify({ ...published, version, dependencies }, null, 2));
  const tarball = await pack(directory, note, staging);
  rmSync(staging, { recursive: true, force: true });
  return tarball;
}

function ownVersion() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;
}
