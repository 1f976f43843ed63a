// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { issuesOf } from "../options-of-run.js";

/**
 * Dependencies that the options take; others, such as links, are kept in package.json itself.
 * @param {import("./package-manifest.js").KeptManifest} manifest @param {Record<string, any>} options
 */
export function acceptedDependencies(manifest, options) {
  const isAccepted = (/** @type {string} */ name, /** @type {string} */ spec) =>
    issuesOf({ ...options, [name]: [spec] }).length === 0;
  const left = (/** @type {string} */ field, /** @type {string} */ option, /** @type {readonly string[]} */ specs) =>
    specs
      .filter((spec) => !isAccepted(option, spec))
      .map((spec) => {
        const at = spec.lastIndexOf("@");
        return `manifest?.addOverride(${JSON.stringify(`${field}.${spec.slice(0, at).replaceAll(".", "\\.")}`)}, ${JSON.stringify(spec.slice(at + 1))});`;
      });
  const more = [
    ...left("dependencies", "deps", manifest.deps),
    ...left("devDependencies", "devDeps", manifest.devDeps),
  ];
  const opening =
    manifest.statements.length > 0 || more.length === 0
      ? []
      : ['const manifest = project.tryFindObjectFile("package.json");'];
  return {
    deps: manifest.deps.filter((spec) => isAccepted("deps", spec)),
    devDeps: manifest.devDeps.filter((spec) => isAccepted("devDeps", spec)),
    statements: [...manifest.statements, ...opening, ...more],
  };
}
