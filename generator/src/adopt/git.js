// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { UserError } from "../user-error.js";

/** @param {string} cwd @param {readonly string[]} args */
function git(cwd, args) {
  const { status, stdout, stderr, error } = spawnSync("git", [...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, LC_ALL: "C" },
  });
  if (error !== undefined) {
    throw new UserError(`git could not be started: ${error.message}`);
  }
  return { ok: status === 0, stdout, stderr };
}

/** Where git keeps what is about this work tree alone. @param {string} cwd @returns {string} */
export function gitDirectory(cwd) {
  const { ok, stdout } = git(cwd, ["rev-parse", "--absolute-git-dir"]);
  if (!ok) {
    throw new UserError(
      `${cwd} is not in a git repository, and adoption can be undone only in one: git init, and commit what is there`,
    );
  }
  return stdout.trim();
}

/** Path of a directory below the root of its repository, with a slash at the end; empty for the root. @param {string} cwd */
export function prefixOf(cwd) {
  return git(cwd, ["rev-parse", "--show-prefix"]).stdout.trim();
}

/** Refuses a tree in which something is not committed. @param {string} cwd */
export function demandCleanTree(cwd) {
  const changes = git(cwd, ["status", "--porcelain", "--untracked-files=all", "--", "."]).stdout.trimEnd();
  if (changes !== "") {
    throw new UserError(
      `commit or stash first, so that adoption stays apart from your own changes:\n${changes.split("\n").slice(0, 10).join("\n")}`,
    );
  }
}

/** Commits everything below a directory. @param {string} cwd @param {string} message */
export function commitAll(cwd, message) {
  for (const args of [
    ["add", "--all", "."],
    ["commit", "--quiet", "--message", message, "--", "."],
  ]) {
    const { ok, stderr } = git(cwd, args);
    if (!ok) {
      throw new UserError(`not committed: ${stderr.trim()}`);
    }
  }
}
