// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Commit } from "../posture/commit";
import { git } from "../sync/comparison/git";
import { CommandError } from "./command-error";

/**
 * The commit that a working tree was checked out from; undefined where there is none. `SOURCE_DATE_EPOCH`, in seconds,
 * stands for its date, as in every reproducible build.
 *
 * @throws CommandError if `SOURCE_DATE_EPOCH` is no number of seconds
 */
export function commitHere(root: string, epoch = process.env.SOURCE_DATE_EPOCH): Commit | undefined {
  if (epoch !== undefined && !/^\d{1,11}$/.test(epoch)) {
    throw new CommandError(
      `SOURCE_DATE_EPOCH is ${JSON.stringify(epoch)}, which is not a number of seconds since 1970`,
    );
  }
  const head = answer(root, "log", "-1", "--format=%H %ct");
  const [id, seconds] = head?.trim().split(" ") ?? [];
  if (id === undefined || seconds === undefined) {
    return undefined;
  }
  const date = new Date(Number(epoch ?? seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return { id, date, isChanged: answer(root, "status", "--porcelain", "--untracked-files=no") !== "" };
}

function answer(root: string, ...args: readonly string[]): string | undefined {
  const { code, stdout } = git(root, args);
  return code === 0 ? stdout.toString("utf8") : undefined;
}
