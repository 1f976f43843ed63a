// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { parseAllDocuments } from "yaml";
import { packModule, projenNew, removeDirectories, repositoryTexts, run, temporaryDirectory } from "./packed-module";

/**
 * The repository that `projen new` makes with no flag at all, dependencies installed; its directory has a space in its
 * name, which must not matter to anything.
 */
let directory: string;
let tarball: string;
let texts: Map<string, string>;

beforeAll(() => {
  const base = temporaryDirectory();
  tarball = packModule(base).tarball;
  directory = join(base, "My Platform");
  const { status, output } = projenNew({ directory, tarball });
  if (status !== 0) {
    throw new Error(`projen new failed:\n${output}`);
  }
  texts = repositoryTexts(directory);
}, 240_000);

afterAll(removeDirectories);

const TSC = join("node_modules", "typescript", "bin", "tsc");
const files = (pattern: RegExp) => [...texts].filter(([path]) => pattern.test(path));
const lockedPackages = () =>
  Object.keys(JSON.parse(texts.get("package-lock.json")!).packages as object).map((path) =>
    path.replace(/^.*node_modules\//, ""),
  );

test("it is a git repository with one commit and nothing left out of it", () => {
  expect(run("git", ["status", "--porcelain"], directory)).toEqual({ status: 0, output: "" });
  expect(run("git", ["rev-list", "--count", "HEAD"], directory).output.trim()).toBe("1");
});

test("npx projen a second time changes nothing", () => {
  expect(run("npx", ["projen"], directory).status).toBe(0);
  expect(run("git", ["status", "--porcelain"], directory)).toEqual({ status: 0, output: "" });
}, 60_000);

test("tsc finds no error", () => {
  expect(run(process.execPath, [TSC, "--noEmit"], directory)).toEqual({ status: 0, output: "" });
}, 120_000);

test(".projenrc.ts type-checks", () => {
  const args = [
    TSC,
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "node16",
    "--moduleResolution",
    "node16",
    "--types",
    "node",
    ".projenrc.ts",
  ];
  expect(run(process.execPath, args, directory)).toEqual({ status: 0, output: "" });
}, 120_000);

test("nothing interprets TypeScript at run time but the loader of .projenrc.ts, which is bundled", () => {
  expect(lockedPackages()).toContain("ray-platform");
  for (const interpreter of ["ts-node", "tsx", "ts-jest", "@swc/core", "esbuild"]) {
    expect(lockedPackages()).not.toContain(interpreter);
  }
});

test("one copy of projen, of constructs and of cdktf", () => {
  for (const name of ["projen", "constructs", "cdktf"]) {
    expect(lockedPackages().filter((other) => other === name)).toHaveLength(1);
  }
});

test("no generated file names this machine, but for the tarball that it was made from", () => {
  const traces = [directory, "/My Platform", process.env.HOME ?? "", tarball].filter((trace) => trace.length > 1);
  const found = [...texts].flatMap(([path, text]) =>
    text
      .split("\n")
      .filter((line) => traces.some((trace) => line.includes(trace)) && !line.includes(`file:${tarball}`))
      .map((line) => `${path}: ${line}`),
  );
  expect(found.filter((line) => !/^package-lock\.json: +"(?:version|resolved)": "file:/.test(line))).toEqual([]);
});

/** npm writes this address for whichever registry serves, and the script that compares lock files knows that. */
const COMPARES_ADDRESSES = "scripts/install-dependencies.mjs";

test("no generated file names a package registry: which one serves is the reader's choice", () => {
  const found = [...texts]
    .filter(([path]) => path !== "package-lock.json" && path !== COMPARES_ADDRESSES)
    .filter(([, text]) => /registry\.(?:npmjs\.org|yarnpkg\.com)/.test(text))
    .map(([path]) => path);
  expect(found).toEqual([]);
});

test("every TypeScript file parses", () => {
  const wrong = files(/\.[cm]?[tj]s$/).flatMap(([path, text]) => {
    const { diagnostics = [] } = ts.transpileModule(text, { fileName: path, reportDiagnostics: true });
    return diagnostics.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
  expect(files(/\.ts$/).length).toBeGreaterThan(10);
  expect(wrong).toEqual([]);
});

test("every JSON file parses", () => {
  const documents = files(/\.json$/).map(([path, text]) => [path, JSON.parse(text)]);
  expect(documents.length).toBeGreaterThan(5);
});

test("every YAML file parses, and no key is written twice", () => {
  const yaml = files(/\.ya?ml$/).filter(([path]) => !/^helm\/[^/]+\/templates\//.test(path)); // templates are YAML only once Helm has rendered them
  const wrong = yaml.flatMap(([path, text]) =>
    parseAllDocuments(text).flatMap(({ errors }) => errors.map(({ message }) => `${path}: ${message}`)),
  );
  expect(yaml.length).toBeGreaterThan(15);
  expect(wrong).toEqual([]);
});

test("every script of package.json is a task, and the engine is pinned", () => {
  const { scripts, dependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const { tasks } = JSON.parse(texts.get(".projen/tasks.json")!);
  expect(Object.keys(scripts).filter((name) => name !== "projen" && tasks[name] === undefined)).toEqual([]);
  expect(dependencies.cdktf).toMatch(/^\d+\.\d+\.\d+$/);
});

// The last one: it leaves nothing as it was.
test("ejected, it builds and passes its gates, and nothing in it or installed for it is projen's", () => {
  expect(run("npx", ["projen", "eject"], directory)).toMatchObject({ status: 0 });
  expect(existsSync(join(directory, "node_modules", "projen"))).toBe(false);
  const { status, output } = run("npm", ["run", "build"], directory);
  expect([status, output]).toEqual([0, expect.stringContaining("0 expired")]);
  run("git", ["add", "--all"], directory);
  const lockFile = ":(exclude)package-lock.json"; // It names what packages could be used with.
  expect(run("git", ["grep", "--cached", "-il", "projen", "--", ".", lockFile], directory).output).toBe("");
}, 300_000);
