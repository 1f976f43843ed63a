// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { PACKAGE_VERSION } from "../package-version";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";

const GENERATOR = "generator-ray-platform";

/**
 * Starts a conversation, which the generator of the same version holds.
 *
 * @returns its exit code
 * @throws CommandError with the command to type if it is not installed
 */
export function startGenerator(command: string, argv: readonly string[], io: CommandIo): number {
  const root = findGenerator(io.cwd);
  if (root === undefined) {
    throw new CommandError(
      `${GENERATOR} ${PACKAGE_VERSION}, which asks the questions, is not installed; run: npx ${[`${GENERATOR}@${PACKAGE_VERSION}`, command, ...argv].join(" ")}`,
    );
  }
  const { status } = spawnSync(process.execPath, [join(root, "bin", `${GENERATOR}.js`), command, ...argv], {
    cwd: io.cwd,
    stdio: "inherit",
  });
  return status ?? 1;
}

/** In the repository, or beside this package. Another version would ask about other options. */
function findGenerator(cwd: string): string | undefined {
  for (const from of [cwd, PACKAGE_ROOT]) {
    try {
      const manifest = createRequire(join(from, "package.json")).resolve(`${GENERATOR}/package.json`);
      if (JSON.parse(readFileSync(manifest, "utf8")).version === PACKAGE_VERSION) {
        return dirname(manifest);
      }
    } catch {
      // Not there.
    }
  }
  return undefined;
}
