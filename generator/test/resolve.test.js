// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CORE_COMMAND } from "../src/core.js";
import { emptyDirectory, run } from "./run-generator.js";

const MAIN = "src/main.ts";

test("an update asks about each edit: what is kept is released, what is taken is restored", async (context) => {
  const directory = emptyDirectory(context);
  await run(directory, ["--yes", "--no-post", "--no-git"]);
  const generated = readFileSync(join(directory, MAIN), "utf8");
  const { err } = await run(directory, ["resolve"], { answer: () => undefined });
  assert.equal(err, "", "nothing is asked where nothing was edited");
  for (const path of [MAIN, "tsconfig.json"]) {
    chmodSync(join(directory, path), 0o644);
    writeFileSync(join(directory, path), `// mine\n${readFileSync(join(directory, path), "utf8")}`);
  }
  const keys = { [MAIN]: "t", "tsconfig.json": "k" };
  const { code } = await run(directory, ["resolve"], {
    answer: (_name, question) => {
      const [, path = ""] = /Overwrite (.*)\?/.exec(question.message) ?? [];
      const key = keys[/** @type {"tsconfig.json"} */ (path)];
      return question.choices.find((/** @type {any} */ choice) => choice.key === key).value;
    },
  });
  assert.equal(code, 0);
  assert.match(readFileSync(join(directory, ".projenrc.ts"), "utf8"), /release: \["tsconfig.json"\]/);
  const env = { ...process.env, PROJEN_DISABLE_POST: "true" };
  assert.equal(spawnSync(process.execPath, [CORE_COMMAND, "projenrc"], { cwd: directory, env }).status, 0);
  assert.match(readFileSync(join(directory, "tsconfig.json"), "utf8"), /^\/\/ mine/);
  assert.equal(readFileSync(join(directory, MAIN), "utf8"), generated);
});

test("without a terminal, flags decide", async (context) => {
  const directory = emptyDirectory(context);
  await run(directory, ["--yes", "--no-post", "--no-git"]);
  chmodSync(join(directory, MAIN), 0o644);
  writeFileSync(join(directory, MAIN), "// mine\n");
  const { code, err } = await run(directory, ["resolve"]);
  assert.equal(code, 4);
  assert.match(err, /src\/main.ts/);
  assert.equal((await run(directory, ["resolve", "--keep", MAIN])).code, 0);
  assert.equal(readFileSync(join(directory, MAIN), "utf8"), "// mine\n");
});
