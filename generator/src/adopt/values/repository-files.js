// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { core } from "../../core.js";

const SKIPPED = new Set([
  ".git",
  "node_modules",
  ".terraform",
  ".projen",
  ".ray-platform",
  "cdktf.out",
  "build",
  "dist",
]);
/** A value that somebody wrote by hand stands in no larger file, in bytes. */
const LARGEST = 1 << 20;

/**
 * Text files of a repository with some endings.
 * @param {string} root @param {RegExp} pattern @returns {{ path: string, text: string }[]}
 */
export function repositoryFiles(root, pattern) {
  /** @type {{ path: string, text: string }[]} */
  const files = [];
  /** @param {string} directory */
  const walk = (directory) => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) {
        walk(path);
      } else if (entry.isFile() && pattern.test(path) && statSync(join(root, path)).size <= LARGEST) {
        files.push({ path, text: core.readText(join(root, path)) });
      }
    }
  };
  walk("");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
