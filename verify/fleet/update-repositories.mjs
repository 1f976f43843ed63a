// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { updateReport } from "../../lib/reports/file-reports.js";
import { isMerged, mergeBranches } from "./merged-branches.mjs";
import { equal, expectCode, Repository } from "./repository.mjs";
import { run } from "./run-command.mjs";
import { FIRST, SECOND } from "./two-versions.mjs";

/** What distinguishes one repository from the next; each index picks one of each list. */
const OPTIONS = [
  ``,
  `environmentNames: ["dev", "prod"],`,
  `engine: Engine.CDKTN,`,
  `githubOwner: "acme", defaultBranch: "trunk",`,
  `githubOwner: "acme", environmentNames: ["dev", "staging", "prod"], // three of them`,
];

/** What a user did, and what the update has to say about it: state by path, and what must be found afterwards. */
const EDITS = [
  { name: "nothing", edit: () => {}, states: { "src/extensions.ts": "updated" } },
  {
    name: "own code in a seeded file",
    edit: (repo) => repo.replace("src/extensions.ts", "// Nothing yet.", "console.log('the user was here');"),
    states: { "src/extensions.ts": "merge" },
    keeps: ["the user was here"],
  },
  {
    name: "the line of a seeded file that also changes upstream",
    edit: (repo) => repo.replace("src/extensions.ts", "Your own resources.", "The user's own resources."),
    states: { "src/extensions.ts": "conflict" },
    keeps: ["The user's own resources."],
    code: 4,
  },
  {
    name: "a managed workflow",
    edit: (repo) => repo.append(".github/workflows/build.yml", "# the user's comment\n"),
    states: { ".github/workflows/build.yml": "conflict", "src/extensions.ts": "updated" },
    keeps: ["the user's comment"],
  },
  {
    name: "a file that is removed",
    edit: (repo) => repo.append("docs/cost.md", "the user's figures\n"),
    states: { "docs/cost.md": "orphan-edited", "src/extensions.ts": "updated" },
    keeps: ["the user's figures"],
  },
  {
    name: "a file that is moved",
    edit: (repo) => repo.append("policies/custom/README.md", "the user's own rules\n"),
    states: { "src/extensions.ts": "updated" },
    keeps: ["the user's own rules"],
  },
];

function update(repository, [first, second], options, { edit, states, keeps = [], code = 0 }) {
  repository.install(first);
  writeFileSync(
    join(repository.root, ".projenrc.ts"),
    `import { Engine, RayPlatformProject } from "ray-platform";\n\n// Ours since the beginning.\nconst project = new RayPlatformProject({\n  name: "fleet",\n  ${options}\n});\nproject.synth();\nexport const engine = Engine.CDKTF;\n`,
  );
  expectCode(repository.command("projenrc"), 0);
  edit(repository);
  repository.install(second);
  const answer = repository.command("update", "--installed", "--no-post", "--json");
  expectCode(answer, code);
  const report = updateReport.read(answer.stdout);
  equal("versions", [report.from, report.to], [FIRST, SECOND]);
  equal(
    "migrations",
    report.migrations.map(({ id }) => id),
    ["deploy-branch", "howto"],
  );
  equal(
    "security notes",
    report.securityNotes.map(({ id }) => id),
    ["CI-1"],
  );
  const expected = { ".github/workflows/build.yml": "updated", "docs/cost.md": "orphan", ...states };
  for (const [path, state] of Object.entries(expected)) {
    equal(path, report.files.find((file) => file.path === path)?.state, state);
  }
  for (const words of keeps) {
    if (spawnSync("grep", ["-rqF", "--exclude-dir=node_modules", words, repository.root]).status !== 0) {
      throw new Error(`${JSON.stringify(words)} is lost`);
    }
  }
  equal("renamed option", readFileSync(join(repository.root, ".projenrc.ts"), "utf8").includes("defaultBranch"), false);
  equal("moved file", existsSync(join(repository.root, "policies/custom/README.md")), false);
  equal("check", repository.command("check").status, code);
}

/** Compiles and synthesizes. A conflict is resolved first, as its user would. */
function build(repository, compile, { code = 0 }) {
  if (code === 4) {
    const file = join(repository.root, "src/extensions.ts");
    const resolved = readFileSync(file, "utf8").replace(
      /<<<<<<< yours\n([\s\S]*?)=======\n[\s\S]*?>>>>>>> ray-platform .*\n/,
      "$1",
    );
    writeFileSync(file, resolved.replace(/\|\|\|\|\|\|\| base\n[\s\S]*?(?=\n \*)/, ""));
  }
  compile(repository.root);
  run(process.execPath, ["build/src/main.js"], { cwd: repository.root });
}

/** The project's TypeScript, which parses the many declarations of the providers once for the whole fleet. */
function compiler(modules) {
  const ts = createRequire(join(modules, "typescript", "package.json"))("typescript");
  const shared = new Map();
  return (root) => {
    const config = ts.getParsedCommandLineOfConfigFile(
      join(root, "tsconfig.json"),
      { incremental: false, tsBuildInfoFile: undefined },
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
    );
    const host = ts.createCompilerHost(config.options);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...rest) => {
      if (!name.includes("/node_modules/")) {
        return read(name, ...rest);
      }
      if (!shared.has(name)) {
        shared.set(name, read(name, ...rest));
      }
      return shared.get(name);
    };
    const program = ts.createProgram(config.fileNames, config.options, host);
    const { diagnostics } = program.emit();
    const all = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
    if (all.length > 0) {
      throw new Error(
        ts.formatDiagnostics(all.slice(0, 5), {
          getCanonicalFileName: (name) => name,
          getCurrentDirectory: () => root,
          getNewLine: () => "\n",
        }),
      );
    }
  };
}

// A thread of the check: makes, updates and builds the repositories whose numbers it is given, and tells of each.
const { numbers, versions, modules, scratch } = workerData;
const compile = compiler(modules);
for (const number of numbers) {
  const options = OPTIONS[number % OPTIONS.length];
  const edit = EDITS[number % EDITS.length];
  const repository = new Repository(join(scratch, `repository-${number}`), modules);
  try {
    if (isMerged(number)) {
      mergeBranches(repository, versions, options, number);
      build(repository, compile, {});
    } else {
      update(repository, versions, options, edit);
      build(repository, compile, edit);
    }
  } catch (error) {
    const kind = isMerged(number) ? "two branches" : edit.name;
    throw new Error(`repository ${number} (${options || "default options"}; ${kind}): ${error.message}`);
  }
  rmSync(repository.root, { recursive: true });
  parentPort.postMessage(number);
}
