// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { type PackedModule, packModule, removeDirectories, run, temporaryDirectory } from "./packed-module";

/** In bytes; what is added to the package has to earn its place. */
const LARGEST = 1_000_000;

let packed: PackedModule;
let directory: string;

beforeAll(() => {
  const base = temporaryDirectory();
  packed = packModule(base);
  directory = join(base, "contents");
  mkdirSync(directory);
  expect(run("tar", ["-xzf", packed.tarball, "-C", directory, "--strip-components", "1"], base)).toEqual({
    status: 0,
    output: "",
  });
}, 120_000);

afterAll(removeDirectories);

const paths = () => packed.files.map(({ path }) => path);
const own = () => paths().filter((path) => !path.startsWith("node_modules/"));

test("carries everything that a generated repository is made from", () => {
  for (const needed of [
    ".jsii",
    "package.json",
    "lib/index.js",
    "lib/index.d.ts",
    "bin/ray-platform",
    "policies/policy.wasm.br",
    "workflows/pins.json",
    "data/toolchain.json",
    "templates/src/main.ts",
  ]) {
    expect(paths()).toContain(needed);
  }
});

test("every file that the jsii assembly names as an entry point is in it", () => {
  const { main, types, bin } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  for (const entry of [main, types, ...Object.values(bin as { [name: string]: string })]) {
    expect(paths()).toContain(entry);
  }
});

test("the command is executable", () => {
  expect(packed.files.find(({ path }) => path === "bin/ray-platform")!.mode & 0o111).toBe(0o111);
});

test("carries neither tests of this project nor what only its build needs", () => {
  const allowed =
    /^(?:templates|policies|workflows|data|lib|bin|vendor)\/|^(?:\.jsii|package\.json|README\.md|LICENSE)$/;
  expect(own().filter((path) => !allowed.test(path))).toEqual([]);
  expect(
    own().filter((path) => /^lib\/.*(?:\.test\.|\/__)|\.tsbuildinfo$|\.map$|(?:^|\/)(?:cdktf\.out|build)\//.test(path)),
  ).toEqual([]);
});

/** Names of the modules in the files that `scripts/join-modules.mjs` makes. */
const joined = () =>
  own()
    .filter((path) => /^lib\/modules\/(?!index\.js$)/.test(path))
    .flatMap((path) => Object.keys(require(join(directory, path)) as object));

test("every source file is compiled, once, and nothing is left over from a file that is gone", () => {
  const sources = run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src"], PACKAGE_ROOT)
    .output.trim()
    .split("\n");
  const expected = sources.flatMap((path) => /^src\/(.*)\.ts$/.exec(path)?.[1] ?? []);
  expect(joined().sort()).toEqual(expected.sort());
});

test("what stands beside the joined modules leads to them, and Node.js of any age can read what it reads first", () => {
  const plain = ["lib/node-version.js", "lib/program-supervisor.js"];
  const ways = own().filter((path) => /^lib\/(?!modules\/).*\.js$/.test(path) && !plain.includes(path));
  expect(ways).toEqual(expect.arrayContaining(["lib/cli/main.js", "lib/generator-interface.js", "lib/index.js"]));
  for (const path of ways) {
    expect(readFileSync(join(directory, path), "utf8")).toMatch(
      /^"use strict";\nmodule\.exports = require\("[./]+modules/,
    );
  }
  expect(readFileSync(join(directory, "lib/node-version.js"), "utf8")).not.toMatch(/require|=>/);
});

test("every module that is loaded by its path lies at it", () => {
  const sources = readdirSync(join(PACKAGE_ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join("src", path));
  const named = [...sources, "generator/src/core.js"]
    .flatMap((path) => [...readFileSync(join(PACKAGE_ROOT, path), "utf8").matchAll(/_ROOT, "lib", ("[^)]*")\)/g)])
    .map(([, names]) => `lib/${(JSON.parse(`[${names}]`) as string[]).join("/")}`);
  expect(named).toContain("lib/generator-interface.js");
  expect(named.filter((path) => !paths().includes(path))).toEqual([]);
});

test("what generated scripts and sources import of the package is in it", () => {
  const imported = own()
    .filter((path) => /^templates\/.*\.(?:mjs|cjs|js|ts|sh|mustache)$/.test(path))
    .flatMap((path) => [
      ...readFileSync(join(directory, path), "utf8").matchAll(/ray-platform\/((?:lib|bin|vendor)\/[\w./-]+)/g),
    ])
    .map(([, path]) => path as string);
  expect(imported).toContain("lib/script-interface.js");
  expect([...new Set(imported)].filter((path) => !paths().includes(path))).toEqual([]);
});

test("bundles its runtime dependencies and no copy of projen or constructs", () => {
  const bundled = new Set(paths().map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]));
  const { bundledDependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  expect([...bundled]).toEqual(expect.arrayContaining(bundledDependencies));
  expect(bundled).not.toContain("projen");
  expect(bundled).not.toContain("constructs");
});

test("is small: everybody downloads it before the first line is generated", () => {
  expect(packed.size).toBeLessThan(LARGEST);
  expect(paths().filter((path) => /\/browser\/|-browser\./.test(path))).toEqual([]);
});

test("carries the licenses of what is made into one file, and makes it no dependency", () => {
  const licenses = readFileSync(join(directory, "vendor/LICENSES.txt"), "utf8");
  for (const name of ["@open-policy-agent/opa-wasm", "lines-and-columns", "mustache", "sucrase", "yaml"]) {
    expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((?:MIT|ISC|Apache-2\\.0)\\)$`, "m"));
  }
  const { dependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  expect(Object.keys(dependencies)).not.toContain("sucrase");
});

test("loads nothing that is not in it, but its peers and what Node.js has", () => {
  const { bundledDependencies, peerDependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const there = [...bundledDependencies, ...Object.keys(peerDependencies)];
  const missing = own()
    .filter((path) => /^lib\/.*\.js$/.test(path))
    .flatMap((path) => {
      // A text may go on in the next line: what is minified is broken into lines.
      const text = readFileSync(join(directory, path), "utf8").replace(/\\\n/g, "");
      const required = [...text.matchAll(/\brequire\(\s*"([^"]+)"\s*\)/g)];
      return required
        .map(([, name]) => name as string)
        .filter((name) => !isBuiltin(name) && !there.some((peer) => name === peer || name.startsWith(`${peer}/`)))
        .filter((name) => !name.startsWith(".") || !isLoadable(join(directory, dirname(path), name)))
        .map((name) => `${path}: ${name}`);
    });
  expect(missing).toEqual([]);
});

function isLoadable(path: string): boolean {
  return [path, `${path}.js`, join(path, "index.js")].some((file) =>
    statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}

test("has every declaration that its public ones import", () => {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) {
      return;
    }
    seen.add(path);
    const text = readFileSync(join(directory, path), "utf8");
    for (const [, imported] of text.matchAll(/(?:from|import\() ?["'](\.[^"']+)["']/g)) {
      visit(`${join(dirname(path), imported as string)}.d.ts`);
    }
  };
  visit("lib/index.d.ts");
  expect(seen.size).toBeGreaterThan(20);
});

test("carries no source maps of its own modules", () => {
  const compiled = own().filter((path) => /^lib\/.*\.js$/.test(path));
  expect(compiled.length).toBeGreaterThan(5);
  expect(
    compiled.filter((path) => readFileSync(join(directory, path), "utf8").includes("//# sourceMappingURL=data:")),
  ).toEqual([]);
});

test("nothing of the machine that packed it is in any file", () => {
  const traces = [PACKAGE_ROOT, join(homedir(), "/")];
  const found = own().filter((path) => {
    const content = readFileSync(join(directory, path), "latin1");
    return traces.some((trace) => content.includes(trace));
  });
  expect(found).toEqual([]);
});

test("the lock file of this project leaves the registry to the reader", () => {
  const lock = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package-lock.json"), "utf8")) as {
    packages: { [path: string]: { resolved?: string; link?: boolean } };
  };
  expect(
    Object.entries(lock.packages).filter(([, { resolved, link }]) => resolved !== undefined && link !== true),
  ).toEqual([]);
  expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
});
