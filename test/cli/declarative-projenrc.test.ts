// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isDeclarative } from "../../src/cli/declarative-projenrc";

const IMPORT = 'import { Engine, RayPlatformProject } from "ray-platform";\n';
const SYNTH = "project.synth();\n";

describe("a projenrc is declarative", () => {
  test.each([
    [
      "options",
      `${IMPORT}const project = new RayPlatformProject({ name: "x", engine: Engine.CDKTN, cluster: { publicAccessCidrs: ["203.0.113.0/24"] } });\n${SYNTH}`,
    ],
    [
      "comments that mention anything",
      `${IMPORT}// process.env, Date.now() and \`fetch\` are not used: https://example.com\n/* require("fs") */ const project = new RayPlatformProject({});\n${SYNTH}`,
    ],
    [
      "strings that mention anything",
      `${IMPORT}const project = new RayPlatformProject({ name: 'process "Date"', tags: { a: "// fetch(" } });\n${SYNTH}`,
    ],
    [
      "constants, loops and spreads",
      `${IMPORT}const names = ["dev", "prod"].map((name) => name.toUpperCase());\nconst project = new RayPlatformProject({ ...{ a: 1 }, environmentNames: names });\n${SYNTH}`,
    ],
    [
      "types, and single quotes",
      `import type { GpuPoolOptions } from 'ray-platform';\nimport * as ray from 'ray-platform';\nconst gpu: GpuPoolOptions = { maxSize: 2 } satisfies GpuPoolOptions;\nnew ray.RayPlatformProject({ gpuPool: gpu }).synth();\n`,
    ],
  ])("with %s", (_, source) => {
    expect(isDeclarative(source)).toBe(true);
  });
});

describe("a projenrc is not declarative", () => {
  test.each([
    ["imports a module of Node", 'import { readFileSync } from "node:fs";\n'],
    ["imports a file of its own", 'import { pools } from "./pools";\n'],
    ["imports for the side effect", 'import "./patch";\n'],
    ["imports another part of the package", 'import { git } from "ray-platform/lib/sync/git";\n'],
    ["imports a package whose name begins with ours", 'import { x } from "ray-platform-extras";\n'],
    ["imports projen", 'import { JsonFile } from "projen";\n'],
    ["exports from a file", 'export * from "./pools";\n'],
    ["requires", 'const fs = require("fs");\n'],
    ["imports at run time", 'import("node:fs").then(() => undefined);\n'],
    ["reads the environment", "const region = process.env.AWS_REGION;\n"],
    ["reads the environment under another name", "const { env } = globalThis;\n"],
    ["reads the clock", "const today = new Date();\n"],
    ["draws lots", "const n = Math.random();\n"],
    ["prints", 'console.log("hello");\n'],
    ["depends on the locale", "const text = (1234.5).toLocaleString();\n"],
    ["reaches the global Function", 'const f = [].map.constructor("return 1");\n'],
    ["has a template, whose text may be code", "const name = `${process.pid}`;\n"],
    ["hides code between regular expressions", 'const a = /"/; process.exit(); const b = /"/;\n'],
    ["hides a name behind an escape", "const a = pr\\u006fcess.env;\n"],
    ["has code after a string with an escaped quote", 'const a = "\\""; const b = process.env;\n'],
    ["has code after a comment that a carriage return ends", "// a comment\rconst a = process.env;\n"],
    ["has code after a comment that a line separator ends", "// a comment\u2028const a = process.env;\n"],
    ["asks functions for the global object", 'const outside = (function () { return this; })()["process"];\n'],
    ["has code after a comment in a string", 'const a = "/*"; const b = process.env; const c = "*/";\n'],
  ])("that %s", (_, line) => {
    expect(isDeclarative(`${IMPORT}${line}const project = new RayPlatformProject({});\n${SYNTH}`)).toBe(false);
  });
});
