// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CORE_COMMAND } from "../src/core.js";
import { contents, emptyDirectory, run } from "./run-generator.js";

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

/** A repository as generated, with an edit of each of these files. @param {import("node:test").TestContext} context @param {readonly string[]} paths */
async function editedRepository(context, paths) {
  const directory = emptyDirectory(context);
  await run(directory, ["--yes", "--no-post", "--no-git"]);
  for (const path of paths) {
    chmodSync(join(directory, path), 0o644);
    writeFileSync(join(directory, path), `// mine\n${readFileSync(join(directory, path), "utf8")}`);
  }
  return directory;
}

test("what is merged has both sides, and is released", async (context) => {
  const directory = await editedRepository(context, [MAIN]);
  const mine = readFileSync(join(directory, MAIN), "utf8");
  const { code, err } = await run(directory, ["resolve"], {
    answer: (_name, question) => question.choices.find((/** @type {any} */ { key }) => key === "m").value,
  });
  assert.equal(code, 0, err);
  assert.equal(readFileSync(join(directory, MAIN), "utf8"), mine);
  assert.match(readFileSync(join(directory, ".projenrc.ts"), "utf8"), /release: \["src\/main.ts"\]/);
});

test("leaving at any question of an update leaves nothing behind", async (context) => {
  const directory = await editedRepository(context, [MAIN, "tsconfig.json"]);
  const before = contents(directory);
  for (const last of [0, 1]) {
    let count = 0;
    const { code } = await run(directory, ["resolve"], {
      answer: (_name, question) => {
        if (count++ === last) {
          throw Object.assign(new Error("left"), { name: "ExitPromptError" });
        }
        return question.choices.find((/** @type {any} */ { key }) => key === "m").value;
      },
    });
    assert.deepEqual([code, count], [130, last + 1]);
    assert.deepEqual(contents(directory), before);
  }
});

/**
 * Runs the command in a terminal of its own, and types once it asks.
 * @param {string} cwd @param {string} keys
 */
async function inTerminal(cwd, keys) {
  const command = fileURLToPath(new URL("../bin/generator-ray-platform.js", import.meta.url));
  const program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  const child = spawn("python3", ["-c", program, process.execPath, command, "resolve"], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  let hasTyped = false;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    shown += text;
    if (!hasTyped && shown.includes("Overwrite")) {
      hasTyped = true;
      child.stdin.write(keys);
    }
  });
  const [code] = await once(child, "close");
  return { code, shown };
}

test("in a terminal, a key decides and Ctrl-C leaves nothing behind", async (context) => {
  const directory = await editedRepository(context, [MAIN]);
  const before = contents(directory);
  const left = await inTerminal(directory, "\u0003");
  assert.equal(left.code, 130, left.shown);
  assert.deepEqual(contents(directory), before);
  const kept = await inTerminal(directory, "k\r");
  assert.equal(kept.code, 0, kept.shown);
  assert.match(readFileSync(join(directory, ".projenrc.ts"), "utf8"), /release: \["src\/main.ts"\]/);
});
