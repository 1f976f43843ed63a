// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { TestAdapter } from "@yeoman/adapter/testing";
import { createEnv } from "yeoman-environment";
import { flagNames } from "../src/option-flags.js";
import { helpText } from "../src/command-line.js";
import { emptyDirectory } from "./run-generator.js";

const GENERATORS = fileURLToPath(new URL("../generators", import.meta.url));

test("yo ray-platform holds the same conversation in Yeoman's environment", async (context) => {
  const directory = emptyDirectory(context);
  const adapter = new TestAdapter({ mockedAnswers: { name: "from-yo", awsRegion: "eu-west-1" } });
  const env = createEnv({ cwd: directory, adapter, skipInstall: true });
  env.register(join(GENERATORS, "app"), { namespace: "ray-platform:app" });
  await env.run("ray-platform", { flags: ["--no-post", "--no-git"] });
  assert.match(readFileSync(join(directory, ".projenrc.ts"), "utf8"), /name: "from-yo",\n {2}awsRegion: "eu-west-1"/);
  assert.ok(readdirSync(directory).includes("helm"));
  assert.ok(adapter.calls.length >= 7);
});

test("the command itself loads none of Yeoman's environment and base class, which take longer than the questions", () => {
  const sources = readdirSync(new URL("../src", import.meta.url), { recursive: true }).filter(
    (name) => name.endsWith(".js") && name !== "yeoman.js",
  );
  for (const name of sources) {
    const text = readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8");
    assert.doesNotMatch(text, /^import .*(?:yeoman-|@yeoman)/m, name);
  }
  const yeoman = readFileSync(new URL("../src/yeoman.js", import.meta.url), "utf8");
  assert.doesNotMatch(yeoman, /^import /m);
});

test("help lists a flag for every option", () => {
  const help = helpText(200);
  assert.deepEqual(
    flagNames().filter((flag) => !help.includes(`--${flag} `)),
    [],
  );
});
