// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What is installed has its modules in a few files. Here the package is what it is installed as, beside the sources.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { RayPlatformProject } from "../../src";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { removeDirectories, repositoryTexts, run, temporaryDirectory } from "./packed-module";

const BIN = join(PACKAGE_ROOT, "bin", "ray-platform");
const ENVIRONMENT = { PROJEN_DISABLE_POST: "true", NODE_ENV: "production" };

afterAll(removeDirectories);

/** An empty directory in which the package is installed. */
function installed(): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, ".git")); // The root of a repository.
  mkdirSync(join(root, "node_modules"));
  for (const [name, target] of [
    ["ray-platform", PACKAGE_ROOT],
    ["projen", join(PACKAGE_ROOT, "node_modules", "projen")],
  ] as const) {
    symlinkSync(target, join(root, "node_modules", name));
  }
  return root;
}

function node(cwd: string, ...args: string[]): string {
  const { status, output } = run(process.execPath, args, cwd, ENVIRONMENT);
  expect([status, output]).toEqual([0, output]);
  return output.trim();
}

/** Runs a script and reads what it prints. */
function evaluate(cwd: string, script: string): unknown {
  return JSON.parse(node(cwd, "--eval", script).split("\n").at(-1) as string);
}

function projenrc(options: object, isProgram: boolean): string {
  const text = `import { RayPlatformProject } from "ray-platform";\n\nconst project = new RayPlatformProject(${JSON.stringify(options)});\nproject.synth();\n`;
  return isProgram ? `${text}if (process.env.NEVER) {\n  process.exit(1);\n}\n` : text;
}

const OPTION_SETS: readonly Partial<RayPlatformProjectOptions>[] = [
  {},
  {
    ...{
      githubOwner: "acme",
      environmentNames: ["dev", "staging", "prod"],
      defaultBranch: "trunk",
      awsRegion: "eu-west-1",
    },
    ...{ release: ["docs/**"], documents: { codeOwners: ["@acme/platform"] } },
  },
];

test.each(OPTION_SETS)(
  "the command writes what the sources would, for options that are read and for a program: %j",
  (more) => {
    const options = { name: "joined", ...more };
    const bySources = temporaryDirectory();
    const before = process.env.PROJEN_DISABLE_POST;
    process.env.PROJEN_DISABLE_POST = "true";
    try {
      new RayPlatformProject({ ...options, outdir: bySources }).synth();
    } finally {
      process.env.PROJEN_DISABLE_POST = before;
    }
    const expected = repositoryTexts(bySources);
    expect(expected.size).toBeGreaterThan(100);
    for (const isProgram of [false, true]) {
      const root = installed();
      writeFileSync(join(root, ".projenrc.ts"), projenrc(options, isProgram));
      node(root, BIN, "projenrc");
      const texts = repositoryTexts(root);
      texts.delete(".projenrc.ts");
      expect(texts).toEqual(expected);
      expect(node(root, BIN, "check", "--no-cache")).toMatch(/^clean$/m);
    }
  },
);

test("a workflow that was checked beforehand is checked again where a projenrc changes it", () => {
  const root = installed();
  const change = 'project.tryFindObjectFile(".github/workflows/build.yml")?.addOverride("permissions", "write-all");';
  writeFileSync(
    join(root, ".projenrc.ts"),
    projenrc({ name: "joined" }, true).replace("project.synth", `${change}\nproject.synth`),
  );
  const { status, output } = run(process.execPath, [BIN, "projenrc"], root, ENVIRONMENT);
  expect([status, output]).toEqual([1, expect.stringContaining("broken by workflows; nothing was written")]);
  expect(output).toContain(".github/workflows/build.yml");
});

test("a class is the same however it is imported, and ES modules can name what the package exports", () => {
  const imported = `
    const required = require("ray-platform");
    import(${JSON.stringify(pathToFileURL(join(PACKAGE_ROOT, "lib", "index.js")).href)}).then((imported) => {
      const names = Object.keys(required).sort();
      const { RayPlatformProject } = require("ray-platform/lib/ray-platform-project");
      console.log(JSON.stringify([
        names,
        names.filter((name) => imported[name] !== required[name]),
        RayPlatformProject === required.RayPlatformProject,
        required.RayPlatformProject.name,
      ]));
    });`;
  expect(evaluate(installed(), imported)).toEqual([
    expect.arrayContaining(["Accelerator", "RayPlatformProject"]),
    [],
    true,
    "RayPlatformProject",
  ]);
});

test("a rendering loads nothing by which projen runs commands, finds files and compares versions", () => {
  const root = installed();
  writeFileSync(join(root, ".projenrc.ts"), projenrc({ name: "joined" }, false));
  node(root, BIN, "projenrc");
  const trace = join(root, "node_modules", "trace.cjs");
  writeFileSync(trace, `process.on("exit", () => console.log(Object.keys(require.cache).join("\\n")));`);
  const modules = node(root, "--require", trace, BIN, "check", "--no-cache");
  expect(modules).toMatch(/^clean$/m);
  expect(modules).toContain("projen/lib/project.js");
  expect(modules.match(/\/node_modules\/(?:dax|picomatch|micromatch|semver\/functions)\/.*/g)).toBeNull();
});

test("what is loaded late is loaded as it is, by every name that it has", () => {
  const fromProjen = createRequire(require.resolve("projen/lib/project"));
  const names = ["fast-glob", "./util/dax", "semver"].map((name) =>
    Object.getOwnPropertyNames(fromProjen(name)).filter(
      (key) => !["length", "name", "prototype", "__esModule"].includes(key),
    ),
  );
  const script = `
    const { createRequire } = require("node:module");
    const fromProjen = createRequire(require.resolve("projen/lib/project"));
    require("ray-platform/lib/cli/less-of-projen").loadLessOfProjen();
    const late = ["fast-glob", "./util/dax", "semver"].map((name) => fromProjen(name));
    const { git } = fromProjen("./util/exec");
    const before = Object.keys(require.cache).filter((path) => path.includes("/dax/")).length;
    const values = ${JSON.stringify(names)}.map((keys, index) => keys.map((key) => late[index][key]));
    const real = ["fast-glob", "./util/dax", "semver"].map((name) => fromProjen(name));
    console.log(JSON.stringify([
      before,
      ${JSON.stringify(names)}.map((keys, index) => keys.filter((key, at) => values[index][at] === undefined || values[index][at] !== real[index][key])),
      late[0]("package.json", { cwd: ${JSON.stringify(PACKAGE_ROOT)} }) instanceof Promise,
      late[0].sync("package.json", { cwd: ${JSON.stringify(PACKAGE_ROOT)} }),
      late[1].escapeCommand(["a b"]),
    ]));`;
  expect(evaluate(installed(), script)).toEqual([0, [[], [], []], true, ["package.json"], "'a b'"]);
});
