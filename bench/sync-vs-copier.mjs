#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// How long `diff` and `check` of the default repository take, beside copier and cruft on templates of the same files, in
// one run. `copier update --pretend` and `cruft diff` render and compare; `cruft check` only asks whether the template has
// a newer commit. Ours are measured as a user meets them, with nothing changed since the last preview, and with --no-cache,
// as after an edit of the options. Needs the compiled package (npx projen compile) and Python 3; the peers are installed
// from PyPI into .tools/ unless $PEERS names a directory that has them.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PEERS = process.env.PEERS ?? join(ROOT, ".tools", "bench-peers");
const PACKAGES = ["copier==9.17.2", "cruft==2.16.0"];
const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** Ours may take at most this part of the faster peer's time. */
const LIMIT = 0.5;

const scratch = mkdtempSync(join(tmpdir(), "bench-sync-"));
try {
  installPeers();
  const repository = generate(join(scratch, "repository"));
  const copier = copierProject(repository);
  const cruft = cruftProject(repository);
  const cli = join(repository, "node_modules", "ray-platform", "bin", "ray-platform");
  const commands = {
    "ray-platform diff": () => run(process.execPath, [cli, "diff"], repository),
    "ray-platform check": () => run(process.execPath, [cli, "check"], repository),
    "ray-platform diff --no-cache": () => run(process.execPath, [cli, "diff", "--no-cache"], repository),
    "ray-platform check --no-cache": () => run(process.execPath, [cli, "check", "--no-cache"], repository),
    "ray-platform check --lock-only": () => run(process.execPath, [cli, "check", "--lock-only"], repository),
    "copier update --pretend": () => run(join(PEERS, "bin", "copier"), ["update", "--pretend", "--defaults", "--quiet"], copier),
    "cruft diff": () => run(join(PEERS, "bin", "cruft"), ["diff"], cruft),
    "cruft check": () => run(join(PEERS, "bin", "cruft"), ["check"], cruft, [0, 1]),
  };
  report(measure(commands));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function installPeers() {
  if (existsSync(join(PEERS, "bin", "cruft"))) {
    return;
  }
  run("python3", ["-m", "venv", PEERS], ROOT);
  run(join(PEERS, "bin", "pip"), ["install", "--quiet", ...PACKAGES], ROOT);
}

/** The default repository, with this package and its dependencies linked in. */
function generate(directory) {
  mkdirSync(join(directory, "node_modules"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) {
      symlinkSync(join(ROOT, "node_modules", name), join(directory, "node_modules", name));
    }
  }
  symlinkSync(ROOT, join(directory, "node_modules", "ray-platform"));
  writeFileSync(
    join(directory, ".projenrc.ts"),
    'import { RayPlatformProject } from "ray-platform";\n\nconst project = new RayPlatformProject({ name: "bench" });\nproject.synth();\n',
  );
  run(process.execPath, [join(directory, "node_modules", "ray-platform", "bin", "ray-platform"), "projenrc"], directory);
  return directory;
}

/** The generated files as a template of copier, taken over by a project, with a newer version waiting. */
function copierProject(repository) {
  const template = join(scratch, "copier-template");
  copyFiles(repository, join(template, "template"));
  writeFileSync(join(template, "copier.yml"), "_subdirectory: template\nname:\n  type: str\n  default: bench\n");
  writeFileSync(join(template, "template", "{{_copier_conf.answers_file}}.jinja"), "{{ _copier_answers|to_nice_yaml }}\n");
  commit(template, "1.0.0");
  const project = join(scratch, "copier-project");
  run(join(PEERS, "bin", "copier"), ["copy", "--defaults", "--quiet", "--vcs-ref", "1.0.0", template, project], scratch);
  commit(project);
  writeFileSync(join(template, "template", "NEW.md"), "new in the next version\n");
  commit(template, "1.1.0");
  return project;
}

/** The same for cruft; its template language is off, as GitHub's workflows use the same braces. */
function cruftProject(repository) {
  const template = join(scratch, "cruft-template");
  copyFiles(repository, join(template, "{{cookiecutter.name}}"));
  writeFileSync(join(template, "cookiecutter.json"), JSON.stringify({ name: "cruft-project", _copy_without_render: ["*"] }));
  commit(template);
  run(join(PEERS, "bin", "cruft"), ["create", template, "--no-input", "--output-dir", scratch], scratch);
  const project = join(scratch, "cruft-project");
  commit(project);
  return project;
}

function copyFiles(from, to) {
  cpSync(from, to, { recursive: true, filter: (source) => !["node_modules", ".git"].some((name) => source.endsWith(`/${name}`)) });
}

function commit(directory, tag) {
  const git = (...args) => run("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], directory);
  if (!existsSync(join(directory, ".git"))) {
    git("init", "--quiet");
  }
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "state");
  if (tag !== undefined) {
    git("tag", tag);
  }
}

/** Medians, the commands taking turns so that a busy moment of the machine hits all of them. */
function measure(commands) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const started = performance.now();
      command();
      if (round > 0) {
        times[name].push(performance.now() - started); // The first round fills caches.
      }
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(all.length / 2)]]));
}

function report(medians) {
  for (const [name, time] of Object.entries(medians)) {
    console.log(`${name.padEnd(32)} ${time.toFixed(0).padStart(6)} ms`);
  }
  const peers = ["copier update --pretend", "cruft diff", "cruft check"];
  const comparisons = [
    ["ray-platform diff", peers],
    ["ray-platform check", peers],
    ["ray-platform diff --no-cache", ["copier update --pretend"]],
    ["ray-platform check --no-cache", ["copier update --pretend"]],
  ];
  for (const [ours, peers] of comparisons) {
    const part = medians[ours] / Math.min(...peers.map((peer) => medians[peer]));
    const verdict = part <= LIMIT ? "within" : "OVER";
    console.log(`${ours} takes ${part.toFixed(2)} of the time of ${peers.length > 1 ? "the fastest of " : ""}${peers.join(", ")}: ${verdict} the limit of ${LIMIT}`);
    if (part > LIMIT) {
      process.exitCode = 1;
    }
  }
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
