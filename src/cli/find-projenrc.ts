// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJENRC_FILES } from "../sync/projenrc-files";
import { CommandError } from "./command-error";

/** Path of a repository's projenrc. @throws CommandError if there is none: the directory is no generated repository. */
export function findProjenrc(cwd: string): string {
  const file = PROJENRC_FILES.map((name) => join(cwd, name)).find((path) => existsSync(path));
  if (file === undefined) {
    throw new CommandError(`there is no .projenrc.ts in ${cwd}; run this command in the root of a generated repository`);
  }
  return file;
}
