// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isThere } from "../file-presence";
import { ExplainedError } from "../explained-error";

/**
 * Synthesizes the stacks of a commit, in a directory of its own, with the dependencies that are installed now.
 *
 * @returns the root of the repository as the commit has it; undefined if there is no such commit, or it has no platform
 */
export function synthesizedCommit(cwd: string, commit: string, directory: string): string | undefined {
  if (!isCommit(cwd, commit)) {
    return undefined;
  }
  const checkout = join(directory, "commit");
  mkdirSync(checkout, { recursive: true });
  const prefix = git(cwd, ["rev-parse", "--show-prefix"]).trim();
  // An index of its own: the repository's must not notice.
  const env = { GIT_INDEX_FILE: join(directory, "index") };
  git(cwd, ["read-tree", commit], env);
  git(cwd, ["checkout-index", "--all", `--prefix=${checkout}/`], env);
  const root = join(checkout, prefix);
  if (!isThere(join(root, "src", "main.ts"))) {
    return undefined;
  }
  symlinkSync(join(cwd, "node_modules"), join(root, "node_modules"), "junction");
  run(root, join("node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.json");
  run(root, join("build", "src", "main.js"));
  return root;

  function run(where: string, ...args: string[]): void {
    try {
      execFileSync(process.execPath, args, { cwd: where, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new ExplainedError(
        `commit ${commit} cannot be synthesized with the dependencies that are installed now:\n${stdout}${stderr}\n` +
          "rehearse without the change from it: --from none",
      );
    }
  }
}

function isCommit(cwd: string, commit: string): boolean {
  try {
    git(cwd, ["rev-parse", "--verify", "--quiet", `${commit}^{commit}`]);
    return true;
  } catch {
    return false;
  }
}

function git(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return execFileSync("git", args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
