// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { exec } from "../command.mjs";

/**
 * The software bill of materials that npm makes of a lock file, in CycloneDX.
 *
 * @param {string} directory with package.json and package-lock.json @param {string} name @param {string} version of the release
 * @returns {Promise<object>}
 */
export async function softwareBill(directory, name, version) {
  const { stdout } = await exec("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
    cwd: directory,
  });
  const bill = JSON.parse(stdout);
  // npm calls the package by its directory, and knows no version but the one that stands for every commit.
  const id = `${name}@${version}`;
  const formerId = bill.metadata.component["bom-ref"];
  Object.assign(bill.metadata.component, { "bom-ref": id, name, version, purl: `pkg:npm/${id}` });
  for (const dependency of bill.dependencies) {
    if (dependency.ref === formerId) {
      dependency.ref = id;
    }
  }
  return bill;
}

/**
 * What a lock file holds, each once: a package may be installed in several places, and under another name.
 *
 * @param {{ packages: Record<string, { name?: string, version?: string, link?: boolean }> }} lock @returns {string[]} `name@version`
 */
export function lockedPackages({ packages }) {
  const names = Object.entries(packages)
    .filter(([path, { link }]) => path !== "" && !link)
    .map(([path, { name, version }]) => `${name ?? path.split("node_modules/").pop()}@${version}`);
  return [...new Set(names)].sort();
}

/** By their addresses as packages: npm names a component by the alias that it is installed under. @param {any} bill @returns {string[]} `name@version` */
export function billedPackages({ components }) {
  return components.map(({ purl }) => decodeURIComponent(purl.replace(/^pkg:npm\//, ""))).sort();
}
