// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Progress } from "./progress.mjs";
import { ROOT, setUpGenerator } from "./setup.mjs";

/**
 * Installs what the generator needs, checks its JSDoc types, and runs its tests. It is made of ES modules, which Node's own
 * runner tests without further ado.
 *
 * @returns {Promise<boolean>} whether they passed
 */
export async function testGenerator(progress, env = process.env) {
  await setUpGenerator(progress);
  const cwd = join(ROOT, "generator");
  const run = (command, args, shell) => spawnSync(command, args, { cwd, stdio: "inherit", env, shell }).status === 0;
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  return run(process.execPath, [tsc, "--project", "."], false) && run("npm", ["test"], process.platform === "win32");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await testGenerator(new Progress())) ? 0 : 1;
}
