// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

// What only the root of a generated repository has.
const MARKS = [".projenrc.ts", ".projenrc.js", join(".ray-platform", "lock.json"), join("policies", "data.json")];

/**
 * The nearest directory from `cwd` upwards that is the root of a repository with policies of its own: its limits and
 * custom rules hold wherever the command is run. `cwd` itself where there is none.
 */
export function repositoryRoot(cwd: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    if (MARKS.some((mark) => existsSync(join(directory, mark)))) {
      return directory;
    }
    if (directory === dirname(directory)) {
      return cwd;
    }
  }
}
