// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { runProgram } from "../../src/local-gates/run-program";

const cwd = process.cwd();

test("a program that prints without an end is ended, and not kept in memory", async () => {
  const { code, output } = await runProgram("bash", ["-c", "yes 0123456789012345678901234567890123456789"], { cwd });
  expect(code).toBe(124);
  expect(output.length).toBeLessThan(34 * 2 ** 20);
  expect(output.slice(-60)).toContain("It printed more than 32 MiB, and was ended.");
}, 60_000);

test("one that takes too long is ended, with what it printed", async () => {
  const props = { cwd, timeoutMinutes: 0.5 / 60 };
  expect(await runProgram("bash", ["-c", "echo begun; sleep 60"], props)).toEqual({ code: 124, output: "begun\n" });
}, 20_000);
