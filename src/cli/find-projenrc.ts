// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { projenrcOf } from "../sync/run/projenrc-files";
import { CommandError } from "./command-error";

/** Path of a repository's projenrc. @throws CommandError if there is none: the directory is no generated repository. */
export function findProjenrc(cwd: string): string {
  const name = projenrcOf(cwd);
  if (name === undefined) {
    throw new CommandError(
      `there is no .projenrc.ts in ${cwd}; run this command in the root of a generated repository`,
    );
  }
  return join(cwd, name);
}
