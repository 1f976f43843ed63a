// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

/** Nothing listens on the port, and nothing is in the cache. */
const NO_NETWORK = {
  npm_config_registry: "http://127.0.0.1:9/",
  npm_config_cache: mkdtempSync(join(tmpdir(), "empty-cache-")),
  npm_config_fetch_retries: "0",
};

/** npm prints its own, with its name before each line. */
const OWN_STACK_TRACE = /^ {4}at /m;

const WAITING = "npm waits for its registry...";

let root: string;

function run(variables: Readonly<Record<string, string>>, ...args: string[]) {
  const command = join(root, "node_modules", "ray-platform", "bin", "ray-platform");
  const { CI: _, PROJEN_DISABLE_POST: __, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: root,
    encoding: "utf8",
    // projen is silent in tests.
    env: { ...environment, NODE_ENV: "production", ...NO_NETWORK, ...variables },
    timeout: 60_000,
  });
  return { code: status, output: stdout + stderr };
}

function files(): Map<string, string> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules"));
  return new Map(paths.map((path) => [path, readFileSync(path, "utf8")]));
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "no-network-"));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(PACKAGE_ROOT, join(root, "node_modules", "ray-platform"));
  writeFileSync(
    join(root, ".projenrc.ts"),
    'import { RayPlatformProject } from "ray-platform";\n\nnew RayPlatformProject({ name: "gpu-platform" }).synth();\n',
  );
});

test("a regeneration that has to install says what it waits for, then what failed and what to type", () => {
  const { code, output } = run({}, "projenrc");
  expect(code).toBe(1);
  expect(output).toContain(`installing dependencies: ${WAITING}`);
  expect(output).toMatch(/npm install failed in .*"npm ping".* run: npm install --ignore-scripts\n/);
  expect(output).not.toMatch(OWN_STACK_TRACE);
});

test("what it generated is whole: only the installation is left to do", () => {
  expect(run({ PROJEN_DISABLE_POST: "true" }, "check")).toMatchObject({ code: 0 });
});

test("an update says what it waits for, and changes nothing", () => {
  const before = files();
  const { code, output } = run({}, "update", "--to", "9.9.9");
  expect(code).toBe(1);
  expect(output).toContain(`installing ray-platform@9.9.9: ${WAITING}`);
  expect(output).toContain('npm could not install ray-platform@9.9.9; nothing was changed. Does "npm ping" reach');
  expect(output).not.toMatch(OWN_STACK_TRACE);
  expect(files()).toEqual(before);
});

test.each(["check", "diff", "status"])("%s needs no network", (command) => {
  const { code, output } = run({}, command);
  expect(code).toBe(0);
  expect(output).not.toContain(WAITING);
});
