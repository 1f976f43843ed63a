// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GIT_IDENTITY, pack } from "../../scripts/generate.mjs";
import { packGenerator } from "../../scripts/pack-generator.mjs";
import { setUpGenerator } from "../../scripts/setup.mjs";
import { assertRegenerates, inOwnDirectory } from "../repositories.mjs";

/**
 * From typing the command to the first question, in milliseconds, as the median of that many starts. Told and not held:
 * a clock depends on what else the machine does.
 */
const FIRST_QUESTION = 1500;
const STARTS = 5;

export default {
  id: "generator",
  title: "The generator, packed: a repository that builds, and the conversation in a real terminal",
  tools: [],
  run: (context) => inOwnDirectory("generator", (directory) => check(context, directory)),
};

async function check({ exec, log }, base) {
  const [core, generator] = [await pack(base, log), await packGenerator(base, log)];
  const installed = join(base, "installed");
  mkdirSync(installed);
  writeFileSync(join(installed, "package.json"), '{ "private": true }\n');
  await exec("npm", ["install", "--no-audit", "--no-fund", core, generator], { cwd: installed, note: log });
  const command = join(installed, "node_modules", ".bin", "generator-ray-platform");

  const platform = emptyDirectory(base, "platform");
  await exec(command, ["--yes", "--from", `file:${core}`], { cwd: platform, note: log, env: GIT_IDENTITY });
  await exec("npx", ["projen", "build"], { cwd: platform, note: log });
  await assertRegenerates(exec, platform);

  await adoptAndUndo({ exec, log }, command, core, emptyDirectory(base, "existing"));
  const adopted = await adoptEach({ exec, log }, command, base, join(platform, "node_modules"));

  const driven = `a repository made by --yes builds, and so do ${adopted + 1} adopted ones, which undo restores`;
  if (spawnSync("tmux", ["-V"]).status !== 0) {
    return { message: driven, notRun: "the conversation in a terminal, because tmux is not installed" };
  }
  const times = [];
  for (let start = 0; start < STARTS; start++) {
    times.push(await leaveAtFirstQuestion(command, emptyDirectory(base, `left-${start}`)));
  }
  const median = times.sort((a, b) => a - b)[Math.floor(STARTS / 2)];
  await answerAll(command, emptyDirectory(base, "answered"));
  const pace = `the first question comes after ${median} ms (aim: ${FIRST_QUESTION} on a quiet machine)`;
  return `${driven}; in a terminal ${pace}, Ctrl-C leaves nothing, Enter takes defaults`;
}

/**
 * The repositories of the generator's tests: adopted and built with all that a build checks. Packages are those of a
 * generated repository, which differ by what the adopted ones had of their own.
 *
 * @returns {Promise<number>} how many
 */
async function adoptEach({ exec, log }, command, base, packages) {
  await setUpGenerator({ step: (_title, work) => work(log) });
  const { REPOSITORIES } = await import("../../generator/test/repositories.js");
  for (const [kind, build] of Object.entries(REPOSITORIES)) {
    log(kind);
    const directory = await build(emptyDirectory(emptyDirectory(base, kind.replaceAll(/\W+/g, "-")), "ml-platform"));
    const env = { ...GIT_IDENTITY, PROJEN_DISABLE_POST: "true" };
    const flags = ["--yes", "--no-post", "--conflicts", "recommended"];
    await exec(command, ["adopt", ...flags], { cwd: directory, note: log, env });
    const installed = join(directory, "node_modules");
    renameSync(packages, installed);
    await exec("npx", ["projen", "build"], { cwd: directory, note: log, env });
    renameSync(installed, packages);
    await exec(command, ["adopt", "--undo"], { cwd: directory, note: log });
    const { stdout } = await exec("git", ["status", "--porcelain"], { cwd: directory });
    equal(stdout, "", `${kind}: undoing the adoption left changes`);
  }
  return Object.keys(REPOSITORIES).length;
}

/** A Node project with Terraform: adopted, installed, built with all that a build checks, and undone. */
async function adoptAndUndo({ exec, log }, command, core, directory) {
  const files = {
    "package.json": JSON.stringify({ name: "existing", version: "1.4.2", scripts: { start: "node server.js" } }),
    "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n',
    "server.js": "console.log(1);\n",
    LICENSE: "Ours\n",
    "tsconfig.json": "{}\n",
    ".gitignore": "/node_modules/\n",
  };
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(join(directory, path), text);
  }
  for (const args of [
    ["init", "--quiet"],
    ["add", "."],
    ["commit", "--quiet", "--message", "init"],
  ]) {
    await exec("git", args, { cwd: directory, env: GIT_IDENTITY });
  }
  const flags = ["--yes", "--conflicts", "recommended", "--from", `file:${core}`];
  await exec(command, ["adopt", ...flags], { cwd: directory, note: log });
  await exec("npx", ["projen", "build"], { cwd: directory, note: log });
  await exec(command, ["adopt", "--undo"], { cwd: directory, note: log });
  const { stdout } = await exec("git", ["status", "--porcelain"], { cwd: directory });
  equal(stdout, "", "undoing an adoption left changes");
}

function emptyDirectory(base, name) {
  const directory = join(base, name);
  mkdirSync(directory);
  return directory;
}

/** @returns {Promise<number>} how long the first question took */
async function leaveAtFirstQuestion(command, directory) {
  return withTerminal(command, [], directory, async (terminal) => {
    const start = performance.now();
    await terminal.until(/name: Name of the project/);
    const elapsed = Math.round(performance.now() - start);
    terminal.type("C-c");
    await terminal.until(/nothing was written[\s\S]*exit 130/);
    const left = readdirSync(directory);
    if (left.length > 0) {
      throw new Error(`Ctrl-C left ${left.join(", ")}`);
    }
    return elapsed;
  });
}

async function answerAll(command, directory) {
  await withTerminal(command, ["--no-post", "--no-git"], directory, async (terminal) => {
    for (const question of [/name: Name/, /awsRegion: /, /githubOwner: /, /environmentNames: /, /accelerator: /]) {
      await terminal.until(question);
      terminal.type("Enter");
    }
    await terminal.until(/Set more\?/);
    terminal.type("Enter");
    await terminal.until(/Write this to/);
    terminal.type("Enter");
    await terminal.until(/exit 0/);
  });
  if (!readdirSync(directory).includes(".projenrc.ts")) {
    throw new Error("a conversation that was answered with Enter wrote nothing");
  }
}

/** Runs a command in a terminal of its own, of a narrow window. */
async function withTerminal(command, args, directory, work) {
  const server = `ray-platform-${process.pid}`;
  const tmux = (...words) => spawnSync("tmux", ["-L", server, ...words], { encoding: "utf8" }).stdout;
  const line = `${[command, ...args].join(" ")}; echo exit $?; sleep 60`;
  tmux("-f", "/dev/null", "new-session", "-d", "-x", "60", "-y", "40", "-c", directory, "sh", "-c", line);
  try {
    return await work({
      type: (key) => tmux("send-keys", key),
      until: (pattern) => untilShown(() => tmux("capture-pane", "-p", "-J", "-S", "-"), pattern),
    });
  } finally {
    tmux("kill-server");
  }
}

async function untilShown(screen, pattern) {
  const end = performance.now() + 60_000;
  while (!pattern.test(screen())) {
    if (performance.now() > end) {
      throw new Error(`the terminal never showed ${pattern}; it shows:\n${screen()}`);
    }
    await sleep(20);
  }
}
