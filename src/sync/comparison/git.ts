// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { ExplainedError } from "../../explained-error";

/** What a git command answered. */
export interface GitAnswer {
  /** Exit code; -1 if git could not be started. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Thrown where nothing can be done without git's answer. */
export class GitError extends ExplainedError {
  public constructor(command: string, { code, stderr }: GitAnswer) {
    super(
      `${command} failed: ${stderr.trim()}${code === -1 ? "; git compares and merges files, and must be installed" : ""}`,
    );
  }
}

/**
 * Runs git in a directory.
 * The settings that would let a repository or a user's configuration change what we read are switched off.
 */
export function git(
  cwd: string,
  args: readonly string[],
  input?: Buffer,
  variables: Readonly<Record<string, string>> = {},
): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync(
    "git",
    ["-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.quotePath=false", ...args],
    {
      cwd,
      input,
      maxBuffer: 1 << 30,
      env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_DIFF_OPTS: "", ...variables },
    },
  );
  return {
    code: error === undefined ? (status ?? -1) : -1,
    stdout: stdout ?? Buffer.alloc(0),
    stderr: error?.message ?? stderr.toString("utf8"),
  };
}

/** What git prints where nothing can be done without it. @throws GitError unless it succeeds */
export function gitOutput(...[cwd, args, input, variables]: Parameters<typeof git>): Buffer {
  const answer = git(cwd, args, input, variables);
  if (answer.code !== 0) {
    throw new GitError(`git ${args[0]}`, answer);
  }
  return answer.stdout;
}

/** The content of git objects, by their names; undefined for what is not there, and for all where there is no git. */
export function readGitObjects(root: string, names: readonly string[]): Array<Buffer | undefined> {
  const { code, stdout } = git(root, ["cat-file", "--batch"], Buffer.from(names.map((name) => `${name}\n`).join("")));
  if (code !== 0) {
    return names.map(() => undefined);
  }
  let offset = 0;
  return names.map(() => {
    const end = stdout.indexOf("\n", offset);
    const size = / blob (\d+)$/.exec(stdout.subarray(offset, end).toString("latin1"))?.[1];
    offset = end + 1;
    if (size === undefined) {
      return undefined; // "NAME missing"
    }
    const content = stdout.subarray(offset, offset + Number(size));
    offset += Number(size) + 1;
    return content;
  });
}
