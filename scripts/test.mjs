// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { removeDirectory, temporaryDirectory } from "./generate.mjs";
import { Progress } from "./progress.mjs";
import { ROOT, setUp } from "./setup.mjs";

if (process.argv.includes("--help")) {
  console.log(
    "usage: npm test [-- JEST-ARGUMENTS]\n\nInstalls and compiles what is missing, then runs the tests.\nExit code: 0 all passed, 1 some failed.",
  );
  process.exit(0);
}
await setUp(new Progress());
const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
// Tests that kill what they test cannot tidy up after it: all of their temporary files lie in one directory.
const temporary = temporaryDirectory("ray-platform-tests");
const env = { ...process.env, TMPDIR: temporary, TEMP: temporary };
const { status } = spawnSync(process.execPath, [jest, "--ci", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
  env,
});
removeDirectory(temporary);
process.exit(status ?? 1);
