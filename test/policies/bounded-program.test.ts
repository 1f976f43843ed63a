// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runBounded } from "../../src/bounded-program";
import { temporaryDirectory } from "../sync/mini-project";

const BOUNDS = { milliseconds: 20_000, mebibytes: 300 };

function run(script: string, bounds: Partial<typeof BOUNDS> = {}, input = "") {
  return runBounded(process.execPath, ["-e", script], {
    cwd: temporaryDirectory(),
    env: {},
    input,
    ...BOUNDS,
    ...bounds,
  });
}

test("what comes to its end gives its output and its code", () => {
  const script = 'process.stdin.pipe(process.stdout); process.stderr.write("e"); process.exitCode = 7;';
  expect(run(script, {}, "x".repeat(1 << 20))).toEqual({ status: 7, stdout: "x".repeat(1 << 20), stderr: "e" });
});

test("it sees no variable of ours", () => {
  expect(JSON.parse(run("console.log(JSON.stringify(process.env))").stdout)).toEqual({});
});

test("what takes too much memory is ended, soon and for that reason", () => {
  const start = Date.now();
  const script = "const all = []; for (;;) { all.push(Buffer.alloc(1 << 23, 1)); }";
  expect(run(script)).toMatchObject({ exceeded: "memory" });
  expect(Date.now() - start).toBeLessThan(10_000);
});

test("what takes too long is ended, and nothing of it goes on", async () => {
  const file = join(temporaryDirectory(), "beat");
  const script = `setInterval(() => require("node:fs").appendFileSync(${JSON.stringify(file)}, "x"), 20);`;
  expect(run(script, { milliseconds: 1_500 })).toMatchObject({ exceeded: "time" });
  expect(existsSync(file)).toBe(true);
  const { length } = readFileSync(file, "utf8");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(readFileSync(file, "utf8")).toHaveLength(length);
});

test("a program that is not there is an error", () => {
  const run = runBounded("/nowhere/opa", [], { cwd: temporaryDirectory(), env: {}, input: "", ...BOUNDS });
  expect(run.error?.message).toContain("ENOENT");
});
