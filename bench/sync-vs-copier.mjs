#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// How long `diff` and `check` of the default repository take, beside copier and cruft on templates of the same files, in
// one run. `copier update --pretend` and `cruft diff` render and compare; `cruft check` only asks whether the template has
// a newer commit. Ours are measured as a user meets them, with nothing changed since the last run, and with --no-cache, as
// after an edit of the options and in CI. The peers need Python 3.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureInTurns } from "./harness/measure.mjs";
import { benchmarkOptions, heading, result, target } from "./harness/report.mjs";
import { defaultRepository, pinnedTool, scratchDirectory } from "./harness/repository.mjs";

/**
 * How much of the processor time of `cruft check`, the fastest of the peers, ours may take. It asks one question of git,
 * where a cold check renders everything. What is aimed at is 0.3 and 0.9: see README.md.
 */
const LIMITS = { warm: 0.4, cold: 1 };

const { runs } = benchmarkOptions("Time of diff and check beside copier and cruft with the same files.", 7);
const [copierCli, cruftCli] = [await pinnedTool("copier"), await pinnedTool("cruft")];
const scratch = scratchDirectory("sync");
// No copy, as copies share what is installed, and a rendering is kept beside that: what is measured changes no file.
const repository = await defaultRepository();
const cli = join(repository, "node_modules", "ray-platform", "bin", "ray-platform");
const ours = (...args) => ({
  ...{ command: ["node", cli, ...args], cwd: repository },
  env: { PROJEN_DISABLE_POST: "true" },
});
const [copier, cruft] = [copierProject(), cruftProject()];
const measurements = measureInTurns(
  {
    "ray-platform diff": ours("diff"),
    "ray-platform check": ours("check"),
    "ray-platform diff --no-cache": ours("diff", "--no-cache"),
    "ray-platform check --no-cache": ours("check", "--no-cache"),
    "ray-platform check --lock-only": ours("check", "--lock-only"),
    "copier update --pretend": { command: [copierCli, "update", "--pretend", "--defaults", "--quiet"], cwd: copier },
    "cruft diff": { command: [cruftCli, "diff"], cwd: cruft },
    "cruft check": { command: [cruftCli, "check"], cwd: cruft, accepted: [0, 1] },
  },
  { runs },
);

heading(`Processor time, medians of ${runs} runs in turns`);
for (const [name, { cpuMs }] of Object.entries(measurements)) {
  result(name, cpuMs, "ms");
}
heading("Part of the processor time of cruft check");
for (const name of ["ray-platform diff", "ray-platform check"]) {
  target(name, part(name), LIMITS.warm, "x");
  target(`${name} --no-cache`, part(`${name} --no-cache`), LIMITS.cold, "x");
}

function part(name) {
  return measurements[name].cpuMs / measurements["cruft check"].cpuMs;
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

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${error?.message ?? ""}${stdout}${stderr}`);
  }
}
