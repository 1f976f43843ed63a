// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Directories that are a tool's wherever they lie; others are in the root alone. */
const ANYWHERE = [".git", "node_modules"];

/**
 * The files that git would commit; outside a repository, all but those in the given directories.
 *
 * @throws an Error if there is a repository, and git cannot list it: what nobody could list is not empty
 */
export function listedFiles(root, toolDirectories) {
  try {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    }).split("\0");
    // In the middle of a merge git names a file once for each side.
    return [...new Set(listed)].filter((file) => file !== "" && isFile(join(root, file)));
  } catch (error) {
    if (error.code !== "ENOENT" && !/not a git repository/.test(error.stderr)) {
      throw new Error(`git cannot list the files: ${error.stderr || error.message}`);
    }
    return walk(root, "", toolDirectories);
  }
}

/** A link is no source of its own, and may lead to something without an end. */
function isFile(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function walk(root, directory, toolDirectories) {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      const isTools = toolDirectories.includes(directory === "" || ANYWHERE.includes(entry.name) ? entry.name : path);
      return isTools ? [] : walk(root, path, toolDirectories);
    }
    return entry.isFile() ? [path] : [];
  });
}
