// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "../../scripts/generate.mjs";

const FLEET = 50;
const FIRST = "0.1.0";
const SECOND = "0.2.0";

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

/** Fifty repositories of one version, edited, are updated to the next: reports, what is kept, and that they build. */
export default {
  id: "fleet",
  title: `A fleet of ${FLEET} repositories moves from ${FIRST} to ${SECOND}`,
  tools: [],
  async run({ repo, generated, log }) {
    const scratch = mkdtempSync(join(tmpdir(), "fleet-"));
    try {
      const tarball = await pack(scratch);
      const versions = [FIRST, SECOND].map((version) => unpack(tarball, join(scratch, version), version));
      patchToSecond(versions[1]);
      const compile = compiler(join(generated, "node_modules"));
      const started = Date.now();
      for (let index = 0; index < FLEET; index++) {
        const options = OPTIONS[index % OPTIONS.length];
        const edit = EDITS[index % EDITS.length];
        const repository = new Repository(join(scratch, `repository-${index}`), join(generated, "node_modules"));
        try {
          update(repository, versions, options, edit);
          build(repository, compile, edit);
        } catch (error) {
          throw new Error(`repository ${index} (${options || "default options"}; ${edit.name}): ${error.message}`);
        }
        rmSync(repository.root, { recursive: true });
        log(`${index + 1} of ${FLEET} updated and built`);
      }
      const seconds = Math.round((Date.now() - started) / 1000);
      return `${FLEET} repositories with ${OPTIONS.length} kinds of options and ${EDITS.length} kinds of edits: reported as expected, nothing lost, all build (${seconds} s)`;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

/** The tarball as npm unpacks it, with a version of its own. */
function unpack(tarball, directory, version) {
  mkdirSync(directory, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", directory, "--strip-components", "1"]);
  const file = join(directory, "package.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), version }, undefined, 2));
  return directory;
}

/** The next version: a changed workflow, a renamed option, a moved file, a removed file, and a changed seeded file. */
function patchToSecond(directory) {
  const at = (path) => join(directory, path);
  appendFileSync(at("workflows/build.yml"), "# Changed in the next version.\n");
  rewrite(at("templates/src/extensions.ts"), "Your own resources.", "Resources of your own.");
  renameSync(at("policies/custom/README.md"), at("policies/custom/HOWTO.md"));
  rewrite(at("lib/components/policies.js"), '"custom/README.md"', '"custom/HOWTO.md"');
  rmSync(at("templates/docs/cost.md.mustache"));
  rewrite(at(".jsii"), '"name": "defaultBranch"', '"name": "deployBranch"');
  rewrite(at("lib/options/ray-platform-project-options.d.ts"), "readonly defaultBranch?:", "readonly deployBranch?:");
  rewrite(at("lib/config/resolve-platform-config.js"), "options.defaultBranch", "options.deployBranch");
  writeFileSync(
    at("lib/migrations/index.js"),
    `exports.MIGRATIONS = [
      { id: "deploy-branch", version: "${SECOND}", description: "defaultBranch is called deployBranch", apply: (c) => c.renameOption("defaultBranch", "deployBranch") },
      { id: "howto", version: "${SECOND}", description: "the guide to custom policies moved", apply: (c) => c.moveFile("policies/custom/README.md", "policies/custom/HOWTO.md") },
    ];\n`,
  );
  const note = { kind: "control", id: "CI-1", text: "the build workflow changed", appliesTo: "workflows" };
  writeFileSync(at("data/security-notes.json"), JSON.stringify({ versions: { [SECOND]: [note] } }));
}

/** Replaces every occurrence; the shape that this relies on must be there. */
function rewrite(file, from, to) {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) {
    throw new Error(`${file} no longer says ${from}`);
  }
  writeFileSync(file, text.replaceAll(from, to));
}

class Repository {
  constructor(root, modules) {
    this.root = root;
    mkdirSync(join(root, "node_modules"), { recursive: true });
    for (const name of readdirSync(modules)) {
      if (name !== "ray-platform" && !name.startsWith(".package")) {
        symlinkSync(join(modules, name), join(root, "node_modules", name));
      }
    }
    run("git", ["init", "--quiet"], { cwd: root });
  }

  install(version) {
    const place = join(this.root, "node_modules", "ray-platform");
    rmSync(place, { recursive: true, force: true });
    cpSync(version, place, { recursive: true });
  }

  command(...args) {
    const cli = join(this.root, "node_modules", "ray-platform", "bin", "ray-platform");
    return spawnSync(process.execPath, [cli, ...args], { cwd: this.root, encoding: "utf8", env: { ...process.env, PROJEN_DISABLE_POST: "true" } });
  }

  replace(path, from, to) {
    rewrite(this.writable(path), from, to);
  }

  append(path, text) {
    appendFileSync(this.writable(path), text);
  }

  writable(path) {
    const file = join(this.root, path);
    chmodSync(file, 0o644);
    return file;
  }
}

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
  const report = JSON.parse(answer.stdout);
  equal("versions", [report.from, report.to], [FIRST, SECOND]);
  equal("migrations", report.migrations.map(({ id }) => id), ["deploy-branch", "howto"]);
  equal("security notes", report.securityNotes.map(({ id }) => id), ["CI-1"]);
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
    const resolved = readFileSync(file, "utf8").replace(/<<<<<<< yours\n([\s\S]*?)=======\n[\s\S]*?>>>>>>> ray-platform .*\n/, "$1");
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
    const config = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), { incremental: false, tsBuildInfoFile: undefined }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} });
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
      throw new Error(ts.formatDiagnostics(all.slice(0, 5), { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => "\n" }));
    }
  };
}

function expectCode({ status, stdout, stderr }, code) {
  if (status !== code) {
    throw new Error(`exit code ${status} instead of ${code}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  }
}

function equal(what, found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
}

function run(command, args, options = {}) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
  }
}
