#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// How long `diff` and `check` of the default repository take, beside copier and cruft on templates of the same files, in
// one run. `copier update --pretend` and `cruft diff` render and compare; `cruft check` only asks whether the template has
// a newer commit. Ours are measured as a user meets them, with nothing changed since the last preview, and with --no-cache,
// as after an edit of the options. The peers need Python 3.
import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, sampleInTurns } from "./harness/measure.mjs";
import { benchmarkOptions, heading, result, target } from "./harness/report.mjs";
import { copyOf, defaultRepository, pinnedTool, scratchDirectory } from "./harness/repository.mjs";

/** Ours may take at most this part of the fastest peer's time. */
const LIMIT = 0.5;

const { runs } = benchmarkOptions("Time of diff and check beside copier and cruft with the same files.", 7);
const [copierCli, cruftCli] = [await pinnedTool("copier"), await pinnedTool("cruft")];
const scratch = scratchDirectory("sync");
const repository = copyOf(await defaultRepository(), "sync");
const cli = join(repository, "node_modules", "ray-platform", "bin", "ray-platform");
const ours =
  (...args) =>
  () =>
    run(process.execPath, [cli, ...args], repository);
const [copier, cruft] = [copierProject(), cruftProject()];
const commands = {
  "ray-platform diff": ours("diff"),
  "ray-platform check": ours("check"),
  "ray-platform diff --no-cache": ours("diff", "--no-cache"),
  "ray-platform check --no-cache": ours("check", "--no-cache"),
  "ray-platform check --lock-only": ours("check", "--lock-only"),
  "copier update --pretend": () => run(copierCli, ["update", "--pretend", "--defaults", "--quiet"], copier),
  "cruft diff": () => run(cruftCli, ["diff"], cruft),
  "cruft check": () => run(cruftCli, ["check"], cruft, [0, 1]),
};
const samples = sampleInTurns(Object.keys(commands), { runs }, (name) => timed(commands[name]));
const medians = Object.fromEntries(Object.entries(samples).map(([name, times]) => [name, median(times)]));

heading(`Medians of ${runs} runs`);
for (const [name, time] of Object.entries(medians)) {
  result(name, time, "ms");
}
heading("Part of a peer's time");
const fastest = Math.min(...["copier update --pretend", "cruft diff", "cruft check"].map((peer) => medians[peer]));
for (const name of ["ray-platform diff", "ray-platform check"]) {
  target(`${name}, of the fastest peer's`, medians[name] / fastest, LIMIT, "x");
  target(
    `${name} --no-cache, of copier's`,
    medians[`${name} --no-cache`] / medians["copier update --pretend"],
    LIMIT,
    "x",
  );
}

/** The generated files as a template of copier, taken over by a project, with a newer version waiting. */
function copierProject() {
  const template = join(scratch, "copier-template");
  copyFiles(repository, join(template, "template"));
  writeFileSync(join(template, "copier.yml"), "_subdirectory: template\nname:\n  type: str\n  default: bench\n");
  writeFileSync(
    join(template, "template", "{{_copier_conf.answers_file}}.jinja"),
    "{{ _copier_answers|to_nice_yaml }}\n",
  );
  commit(template, "1.0.0");
  const project = join(scratch, "copier-project");
  run(copierCli, ["copy", "--defaults", "--quiet", "--vcs-ref", "1.0.0", template, project], scratch);
  commit(project);
  writeFileSync(join(template, "template", "NEW.md"), "new in the next version\n");
  commit(template, "1.1.0");
  return project;
}

/** The same for cruft; its template language is off, as GitHub's workflows use the same braces. */
function cruftProject() {
  const template = join(scratch, "cruft-template");
  copyFiles(repository, join(template, "{{cookiecutter.name}}"));
  writeFileSync(
    join(template, "cookiecutter.json"),
    JSON.stringify({ name: "cruft-project", _copy_without_render: ["*"] }),
  );
  commit(template);
  run(cruftCli, ["create", template, "--no-input", "--output-dir", scratch], scratch);
  const project = join(scratch, "cruft-project");
  commit(project);
  return project;
}

/** What is generated, without what is installed or built. */
function copyFiles(from, to) {
  const others = ["node_modules", ".git", "build", "cdktf.out", "package-lock.json"].map((name) => join(from, name));
  cpSync(from, to, { recursive: true, filter: (source) => !others.includes(source) });
}

function commit(directory, tag) {
  const git = (...args) =>
    run("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], directory);
  if (!existsSync(join(directory, ".git"))) {
    git("init", "--quiet");
  }
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "state");
  if (tag !== undefined) {
    git("tag", tag);
  }
}

function timed(command) {
  const started = performance.now();
  command();
  return performance.now() - started;
}

function run(command, args, cwd, accepted = [0]) {
  // A developer's machine is measured: where CI is set, every preview renders anew.
  const { CI: _, ...environment } = process.env;
  const env = { ...environment, PROJEN_DISABLE_POST: "true" };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (!accepted.includes(status)) {
    throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${error?.message ?? ""}${stdout}${stderr}`);
  }
}
