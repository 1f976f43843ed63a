// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { ExplainedError } from "../explained-error";

/** What `projen new` itself has written by the time that it hands over: it installs this package. */
const INSTALLED = ["node_modules", "package.json", "package-lock.json"];

/** How many paths a message names. */
const NAMED = 5;

/**
 * Refuses to make a project where `projen new` could not end well: it commits everything that lies in the directory, so that
 * work which is not committed would go into its commit; and it fails half-way where git cannot commit.
 *
 * @param argv the process's arguments
 * @throws ExplainedError before anything is written
 */
export function refuseUnfitDirectory(directory: string, argv: readonly string[]): void {
  const commits = !/ --(?:no-git|git[= ](?:false|no|0))(?: |$)/.test(` ${argv.join(" ")} `);
  const git = (...args: string[]) =>
    spawnSync("git", args, { cwd: directory, encoding: "utf8", env: { ...process.env } });
  const others = INSTALLED.map((path) => `:(exclude)${path}`);
  const { status, stdout, error } = git("status", "--porcelain", "--untracked-files=all", "--", ".", ...others);
  if (error !== undefined) {
    if (commits) {
      throw new ExplainedError(
        "projen new commits what it makes, and git cannot be started: install git, or add --no-git. Nothing was written",
      );
    }
    return;
  }
  const prefix = git("rev-parse", "--show-prefix").stdout.trim();
  const changed = (status === 0 ? stdout.split("\n") : [])
    .filter((line) => line !== "")
    .map((line) => line.slice(3).replace(/^"|"$/g, ""))
    .map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
  if (changed.length > 0) {
    const rest = changed.length > NAMED ? ` and ${changed.length - NAMED} more` : "";
    throw new ExplainedError(
      `this repository has changes that are not committed: ${changed.slice(0, NAMED).join(", ")}${rest}. Commit them, or ` +
        'put them aside with "git stash --include-untracked", and run projen new again. Nothing was written',
    );
  }
  if (commits && git("var", "GIT_COMMITTER_IDENT").status !== 0) {
    throw new ExplainedError(
      "projen new commits what it makes, and git does not know who you are: run " +
        '"git config --global user.name NAME" and "git config --global user.email ADDRESS", or add --no-git. Nothing was written',
    );
  }
}

/** What comes after `projen new`, for its last words. */
export const NEXT_STEPS: readonly string[] = [
  "what to do next:",
  "  1. npx projen build      compiles, synthesizes, evaluates the policies, tests and lints",
  "  2. .projenrc.ts          has the options: accounts, regions, sizes; npx projen applies a change",
  "  3. docs/operations.md    says how to deploy, step by step",
];
