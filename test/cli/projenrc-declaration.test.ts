// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { runInNewContext } from "node:vm";
import { transformSync } from "@swc/core";
import { type DeclaredOptions, readDeclaration } from "../../src/cli/projenrc-declaration";

const IMPORT = 'import { Engine, RayPlatformProject } from "ray-platform";\n';
const SYNTH = "project.synth();\n";
const EXPORTS = {
  RayPlatformProject: class {},
  Engine: { CDKTF: "cdktf", CDKTN: "cdktn" },
  NodeOs: { AL2023: "al2023" },
};

function project(options: string, before = ""): string {
  return `${IMPORT}${before}const project = new RayPlatformProject(${options});\n${SYNTH}`;
}

/** What a projenrc hands to the class when it is run. */
function executed(source: string): unknown {
  let given: unknown;
  const exports = {
    ...EXPORTS,
    RayPlatformProject: class {
      public constructor(options: unknown) {
        given = options;
      }
      public synth(): void {}
    },
  };
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
    swcrc: false,
  });
  runInNewContext(code, { exports: {}, require: () => exports, module: {} });
  return JSON.parse(JSON.stringify(given));
}

describe("a projenrc is read as what it says when it runs", () => {
  test.each([
    ["options", project('{ name: "x", engine: Engine.CDKTN, cluster: { publicAccessCidrs: ["203.0.113.0/24"] } }')],
    [
      "comments that mention anything",
      project("{ /* require('fs') */ }", "// process.env, Date.now() and `fetch`\n/* new Date() */ "),
    ],
    ["strings that mention anything", project(`{ name: 'process "Date"', tags: { a: "// fetch(" } }`)],
    ["escapes", project(String.raw`{ name: "a\n\t\\\"\x41\u0042", b: 'it\'s' }`)],
    ["a plain template", project("{ name: `a\nb` }")],
    ["numbers", project("{ a: 1, b: -2.5, c: 1_000, d: 1e3, e: 0 }")],
    ["words", project("{ a: true, b: false, c: null, d: undefined }")],
    ["quoted and numeric keys", project('{ "a b": 1, 2: "two", class: "x" }')],
    [
      "constants, shorthands and spreads",
      project(
        "{ ...base, names, list: [...names, 'c'] }",
        'const names = ["a", "b"];\nconst base = { name: "x", a: 1 };\n',
      ),
    ],
    ["a later key over an earlier one", project("{ ...base, a: 2, a: 3 }", "const base = { a: 1 };\n")],
    ["types", project("{ gpuPool: gpu } satisfies Options", "const gpu: GpuPoolOptions = { maxSize: 2 } as const;\n")],
    ["no semicolons", project("{ a: 1 }", "const b = 1\nconst c = [b]\n").replace(/;/g, "")],
    ["parentheses and trailing commas", project("({ a: [(1), 2,], }),".replace(/,$/, ""))],
    ["a byte order mark and CRLF", `\uFEFF${project("{ a: 1 }").replace(/\n/g, "\r\n")}`],
    [
      "a namespace, type imports and single quotes",
      "import type { GpuPoolOptions } from 'ray-platform';\nimport * as ray from 'ray-platform';\nnew ray.RayPlatformProject({ engine: ray.Engine.CDKTF }).synth();\n",
    ],
    [
      "other local names",
      'import { type NodeOs, Engine as E, RayPlatformProject as P } from "ray-platform";\nconst p = new P({ e: E.CDKTN });\np.synth();\n',
    ],
  ])("with %s", (_, source) => {
    const declaration = readDeclaration(source);
    expect(JSON.parse(JSON.stringify(declaration?.options(EXPORTS)))).toEqual(executed(source));
  });
});

describe("a projenrc is a program", () => {
  const line = (text: string) => `${IMPORT}${text}const project = new RayPlatformProject({});\n${SYNTH}`;
  test.each([
    ["imports a module of Node", line('import { readFileSync } from "node:fs";\n')],
    ["imports a file of its own", line('import { pools } from "./pools";\n')],
    ["imports for the side effect", line('import "./patch";\n')],
    ["imports another part of the package", line('import { git } from "ray-platform/lib/sync/git";\n')],
    ["imports projen", line('import { JsonFile } from "projen";\n')],
    ["exports from a file", line('export * from "./pools";\n')],
    ["requires", line('const fs = require("fs");\n')],
    ["ends the process", line("process.reallyExit(0);\n")],
    ["ends the process within the options", project("{ name: process.exit() }")],
    ["hides the end of the process in a key", project("{ [process.exit()]: 1 }")],
    ["has a getter", project("{ get name() { return process.exit(); } }")],
    ["has a method", project("{ toJSON() { process.exit(); } }")],
    ["sets a prototype", project('{ "__proto__": { polluted: true } }')],
    ["reads the environment", line("const region = process.env.AWS_REGION;\n")],
    ["reads the clock", line("const today = new Date();\n")],
    ["calls a function", line("const names = [1].map((n) => n);\n")],
    ["reaches a constructor by an index", line('const f = []["filter"]["constructor"];\n')],
    ["adds", line('const a = "a" + "b";\n')],
    ["has an expression in a template", line("const name = `${process.pid}`;\n")],
    ["has a tagged template", line("const name = run`x`;\n")],
    ["has a template over a carriage return", line("const name = `a\rb`;\n")],
    ["has a regular expression", line('const a = /"/; process.exit(); const b = /"/;\n')],
    ["hides a name behind an escape", line("const a = pr\\u006fcess.env;\n")],
    ["has code after a comment that a carriage return ends", line("// a comment\rprocess.exit();\n")],
    ["has code after a comment that a line separator ends", line("// a comment\u2028process.exit();\n")],
    ["goes on with a line before", line("const a = Engine.CDKTF\n(process.exit)\n")],
    ["extends the class", line("class P extends RayPlatformProject {}\n")],
    ["makes two projects", line("new RayPlatformProject({});\n")],
    ["synthesizes twice", `${line("")}${SYNTH}`],
    ["does not synthesize", line("").replace(SYNTH, "")],
    ["changes the project", line("").replace(SYNTH, `project.addTask("x");\n${SYNTH}`)],
    ["does something afterwards", `${line("")}process.exit(0);\n`],
    ["names a class of somebody else's", line("").replace("RayPlatformProject(", "Evil(")],
    ["uses a constant before it is there", project("{ a: later }") + "const later = 1;\n"],
    ["is cut off", line("").slice(0, -20)],
    ["has an open comment", `${line("")}/*`],
    ["is empty", ""],
  ])("that %s", (_, source) => {
    expect(readDeclaration(source)).toBeUndefined();
  });
});

test.each([
  ["constructor", "Engine.constructor"],
  ["__proto__", "Engine.__proto__"],
  ["no value of the enum", "Engine.PULUMI"],
])("only values of enums are looked up: %s", (_, expression) => {
  const declaration = readDeclaration(project(`{ engine: ${expression} }`)) as DeclaredOptions;
  expect(() => declaration.options(EXPORTS)).toThrow("ray-platform has no such value");
});

test("what is nested beyond reason is refused in one line", () => {
  const source = project(`{ a: ${"[".repeat(3000)}${"]".repeat(3000)} }`);
  expect(() => readDeclaration(source)).toThrow(/^the options in the projenrc are nested more than 100 deep/);
});

/** Constants each of which names the one before. */
function chain(length: number, next: (before: string) => string): string {
  const lines = [...Array(length).keys()].map((at) => `const a${at + 1} = ${next(`a${at}`)};\n`);
  return project(`{ a: a${length} }`, `const a0 = [1, 1];\n${lines.join("")}`);
}

test.each<readonly [string, string, RegExp]>([
  ["lists of lists", chain(60, (before) => `[${before}, ${before}]`), /come to more than 200000 values/],
  ["lists that are spread", chain(60, (before) => `[...${before}, ...${before}]`), /come to more than 200000 values/],
  ["structs", chain(60, (before) => `{ a: ${before}, b: ${before} }`), /come to more than 200000 values/],
  ["nesting, a level in each", chain(3000, (before) => `[${before}]`), /nested more than 100 deep/],
])("constants make no more of a few lines than can be read: %s", (_, source, reason) => {
  expect(() => readDeclaration(source)).toThrow(reason);
});

test("constants that are named in many places are counted, and not refused for it", () => {
  const source = chain(10, (before) => `[...${before}, ...${before}]`);
  expect((readDeclaration(source) as DeclaredOptions).options(EXPORTS)).toMatchObject({ a: { length: 2048 } });
});

describe("reading takes time in proportion to the text:", () => {
  const LENGTH = 1 << 20;
  test.each([
    ["imports without an end", "import {"],
    ["comments without an end", "/*"],
    ["blank lines", "\n"],
    ["open strings", '"a'],
    ["spreads", "..."],
    ["digits", "1_"],
  ])("%s", (_, part) => {
    const source = part.repeat(LENGTH / part.length);
    const start = process.cpuUsage();
    readDeclaration(source);
    readDeclaration(`${IMPORT}${source}`);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });
});
