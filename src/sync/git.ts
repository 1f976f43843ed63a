// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";

/** What a git command answered. */
export interface GitAnswer {
  /** Exit code; -1 if git could not be started. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs git in a directory.
 * The settings that would let a repository or a user's configuration change what we read are switched off.
 */
export function git(cwd: string, args: readonly string[], input?: Buffer): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync(
    "git",
    ["-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.quotePath=false", ...args],
    { cwd, input, maxBuffer: 1 << 30, env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" } },
  );
  return {
    code: error === undefined ? (status ?? -1) : -1,
    stdout: stdout ?? Buffer.alloc(0),
    stderr: error?.message ?? stderr.toString("utf8"),
  };
}
