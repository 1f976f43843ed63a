// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run-command.mjs";

export const FIRST = "0.1.0";
export const SECOND = "0.2.0";

/**
 * Two versions of the packed module, as npm unpacks them.
 * @returns their directories, the first one's first
 */
export function twoVersions(tarball, directory) {
  const versions = [FIRST, SECOND].map((version) => unpack(tarball, join(directory, version), version));
  patchToSecond(versions[1]);
  return versions;
}

/** The tarball as npm unpacks it, with a version of its own. */
function unpack(tarball, directory, version) {
  mkdirSync(directory, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", directory, "--strip-components", "1"]);
  const file = join(directory, "package.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), version }, undefined, 2));
  return directory;
}

/** The next version: a changed workflow, a renamed option, a moved file, a removed file, and a changed seeded file. */
function patchToSecond(directory) {
  const at = (path) => join(directory, path);
  appendFileSync(at("workflows/build.yml"), "# Changed in the next version.\n");
  rewrite(at("templates/src/extensions.ts"), "Your own resources.", "Resources of your own.");
  renameSync(at("policies/custom/README.md"), at("policies/custom/HOWTO.md"));
  rewrite(at("lib/modules/render.js"), '"custom/README.md"', '"custom/HOWTO.md"');
  rmSync(at("templates/docs/cost.md.mustache"));
  rewrite(at(".jsii"), '"name": "defaultBranch"', '"name": "deployBranch"');
  rewrite(at("lib/options/ray-platform-project-options.d.ts"), "readonly defaultBranch?:", "readonly deployBranch?:");
  rewrite(at("lib/modules/render.js"), "options.defaultBranch", "options.deployBranch");
  if (!readFileSync(at("lib/modules/compare.js"), "utf8").includes('\n"migrations/index": ')) {
    throw new Error("lib/modules/compare.js has no migrations any more");
  }
  appendFileSync(
    at("lib/modules/compare.js"),
    `module.exports["migrations/index"] = (exports) => {
      exports.MIGRATIONS = [
        { id: "deploy-branch", version: "${SECOND}", description: "defaultBranch is called deployBranch", apply: (c) => c.renameOption("defaultBranch", "deployBranch") },
        { id: "howto", version: "${SECOND}", description: "the guide to custom policies moved", apply: (c) => c.moveFile("policies/custom/README.md", "policies/custom/HOWTO.md") },
      ];
    };\n`,
  );
  const note = { kind: "control", id: "CI-1", text: "the build workflow changed", appliesTo: "workflows" };
  writeFileSync(at("data/security-notes.json"), JSON.stringify({ versions: { [SECOND]: [note] } }));
}

/** Replaces every occurrence; the shape that this relies on must be there. */
export function rewrite(file, from, to) {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) {
    throw new Error(`${file} no longer says ${from}`);
  }
  writeFileSync(file, text.replaceAll(from, to));
}
