// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PACKAGE_ROOT } from "../../src/package-root";
import { temporaryDirectory } from "../sync/mini-project";

const MODULE = pathToFileURL(join(PACKAGE_ROOT, "templates/scripts/program-output.mjs")).href;

/** What a script does that prints the output of a program. */
function printed(program: string, args: readonly string[]): unknown[] {
  const script = join(temporaryDirectory(), "asks.mjs");
  const call = `outputOf(${JSON.stringify(program)}, ${JSON.stringify(args)})`;
  writeFileSync(script, `import { outputOf } from ${JSON.stringify(MODULE)};\nconsole.log(${call}.trim());\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  return [status, stdout, stderr];
}

test("what a program prints is the script's to use", () => {
  expect(printed(process.execPath, ["-e", "console.log(7)"])).toEqual([0, "7\n", ""]);
});

test("a program that fails is named below its own message, and ends the script", () => {
  const failing = "console.log(7); console.error('denied'); process.exitCode = 3";
  const message = `denied\nasks.mjs: ${process.execPath} failed; see its message above.\n`;
  expect(printed(process.execPath, ["-e", failing])).toEqual([1, "", message]);
});

test("a program that is not installed is named too", () => {
  expect(printed("no-such-program", [])).toEqual([1, "", "asks.mjs: no-such-program is not on the PATH.\n"]);
});
