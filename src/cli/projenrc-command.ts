// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createJiti } from "jiti";
import { CommandError } from "./command-error";

const CANDIDATES = [".projenrc.ts", ".projenrc.js"];

/**
 * Runs the project's `.projenrc.ts`.
 * This is what `npx projen` starts, so it loads nothing that it does not need; the compiled file is cached.
 */
export function runProjenrc(cwd: string): void {
  const file = CANDIDATES.map((name) => join(cwd, name)).find((path) => existsSync(path));
  if (file === undefined) {
    throw new CommandError(`there is no .projenrc.ts in ${cwd}; run this command in the root of a generated repository`);
  }
  const modules = join(cwd, "node_modules");
  const jiti = createJiti(file, {
    fsCache: existsSync(modules) ? join(modules, ".cache", "jiti") : false,
    interopDefault: false,
  });
  jiti(file);
}
