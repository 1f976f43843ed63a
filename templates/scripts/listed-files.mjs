// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Directories that belong to a tool wherever they are; others are in the root alone. */
const ANYWHERE = [".git", "node_modules"];

/**
 * The files that git would commit; outside a repository, all but those in the given directories.
 *
 * @throws an Error if there is a repository, and git cannot list it: what nobody could list is not empty
 */
export function listedFiles(root, toolDirectories) {
  return listed(root, toolDirectories, (stat) => stat.isFile());
}

/** The links that git would commit, or that are there, in the same way. A program may follow one by its name. */
export function listedLinks(root, toolDirectories) {
  return listed(root, toolDirectories, (stat) => stat.isSymbolicLink());
}

function listed(root, toolDirectories, isWanted) {
  try {
    const paths = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    }).split("\0");
    // In the middle of a merge git names a file once for each side.
    return [...new Set(paths)].filter((file) => file !== "" && isOf(join(root, file), isWanted));
  } catch (error) {
    if (error.code !== "ENOENT" && !/not a git repository/.test(error.stderr)) {
      throw new Error(`git cannot list the files: ${error.stderr || error.message}`);
    }
    return walk(root, "", toolDirectories, isWanted);
  }
}

/** A link is not a source of its own, and may lead to something without an end. */
function isOf(path, isWanted) {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && isWanted(stat);
}

function walk(root, directory, toolDirectories, isWanted) {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      const isTools = toolDirectories.includes(directory === "" || ANYWHERE.includes(entry.name) ? entry.name : path);
      return isTools ? [] : walk(root, path, toolDirectories, isWanted);
    }
    return isWanted(entry) ? [path] : [];
  });
}
