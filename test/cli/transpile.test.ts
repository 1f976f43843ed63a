// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ProgramModules } from "../../src/cli/program-modules";
import { transpile } from "../../src/cli/transpile";
import { PACKAGE_ROOT } from "../../src/package-root";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), "ray-platform-transpile-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** What a file exports when it is loaded as a projenrc is. */
function load(source: string, path = ".projenrc.ts"): { [name: string]: unknown } {
  const file = write(path, source);
  return new ProgramModules().load(file) as { [name: string]: unknown };
}

describe("a projenrc may have what TypeScript has:", () => {
  test.each<[string, string, unknown]>([
    ["types", "interface A { b: number }\ntype C = A['b'];\nexport const value: C = <number>1 as C;", 1],
    ["satisfies and non-null", "export const value = ({ a: 1 } satisfies { a?: number }).a!;", 1],
    ["enums", 'enum A { X = "x", Y = 3, Z }\nexport const value = [A.X, A.Z, A[4]];', ["x", 4, "Z"]],
    ["const enums", "const enum A { X, Y }\nexport const value = A.Y;", 1],
    [
      "parameter properties",
      "class A { constructor(private readonly b = 1) {} get() { return this.b; } }\nexport const value = new A().get();",
      1,
    ],
    [
      "abstract classes, overrides and private fields",
      "abstract class A { abstract b(): number; declare c: string; #d = 1; e() { return this.#d; } }\nclass F extends A { override b() { return this.e(); } }\nexport const value = new F().b();",
      1,
    ],
    [
      "overloads",
      "function f(a: string): number;\nfunction f(this: void, a: unknown) { return 1; }\nexport const value = f('');",
      1,
    ],
    ["generics", "const f = <const T,>(a: T) => a;\nexport const value = f<number>(1);", 1],
    [
      "import x = require",
      'import path = require("node:path");\nexport const value = path.posix.join("a", "b");',
      "a/b",
    ],
    [
      "type imports, which load nothing",
      'import type { A } from "./gone";\nimport { type B } from "node:path";\nexport const value = 1;',
      1,
    ],
    ["imports for types only, which load nothing", 'import { A } from "./gone";\nexport const value: A = 1;', 1],
    ["namespaces", "namespace A { export const b = 1; }\nexport const value = A.b;", 1],
    [
      "decorators",
      "function d(_: object, __: string, p: PropertyDescriptor) { return { ...p, value: () => 1 }; }\nclass A {\n  @d\n  b() { return 2; }\n}\nexport const value = new A().b();",
      1,
    ],
    [
      "import.meta",
      'export const value = [import.meta.url.slice(0, 8), "import.meta.url"];',
      ["file:///", "import.meta.url"],
    ],
    ["names that look like modifiers", "const namespace = 1, type = 0;\nexport const value = namespace + type;", 1],
  ])("%s", (_, source, value) => {
    symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(root, "node_modules"), "junction");
    expect(load(source).value).toEqual(value);
  });
});

describe("a projenrc may load", () => {
  test.each<[string, string, string, string, unknown]>([
    [
      "a file of its own",
      "src/pools.ts",
      "export const size: number = 1;",
      'import { size } from "./src/pools";\nexport const value = size;',
      1,
    ],
    [
      "a file by the name that it is compiled to",
      "pools.ts",
      "export default 1;",
      'import size from "./pools.js";\nexport const value = size;',
      1,
    ],
    [
      "the index of a directory",
      "pools/index.ts",
      "export const size = 1;",
      'import * as pools from "./pools";\nexport const value = pools.size;',
      1,
    ],
    ["JSON", "pools.json", '{ "size": 1 }', 'import pools from "./pools.json";\nexport const value = pools.size;', 1],
    ["JSON, required", "pools.json", '{ "size": 1 }', 'export const value = require("./pools.json").size;', 1],
    [
      "CommonJS",
      "pools.js",
      "module.exports = { size: 1 };",
      'import { size } from "./pools";\nexport const value = size;',
      1,
    ],
    [
      "an ES module",
      "pools.mjs",
      "export const size = 1;",
      'import { size } from "./pools.mjs";\nexport const value = size;',
      1,
    ],
    [
      "an ES module that is installed",
      "node_modules/pools/index.js",
      "export default 1;\nexport const other = 2;",
      'import size, { other } from "pools";\nexport const value = size + other;',
      3,
    ],
    [
      "what is exported from elsewhere",
      "pools.ts",
      'export * from "node:path";\nexport { sep as default } from "node:path";',
      'import { posix } from "./pools";\nexport const value = posix.sep;',
      "/",
    ],
  ])("%s", (_, path, content, source, value) => {
    write("node_modules/pools/package.json", '{ "name": "pools", "type": "module", "main": "index.js" }');
    write(path, content);
    expect(load(source).value).toEqual(value);
  });

  test("files that load each other, each once", () => {
    write("a.ts", 'import { b } from "./b";\nexport const a = () => b + 1;\nexport const runs = [0];\nruns[0]++;');
    write("b.ts", 'import { a } from "./a";\nexport const b: number = 1;\nexport const viaA = () => a();');
    const { value } = load(
      'import { a, runs } from "./a";\nimport { viaA } from "./b";\nexport const value = [a(), viaA(), runs[0]];',
    );
    expect(value).toEqual([2, 2, 1]);
  });

  test("a package that takes the place of one that is not installed", () => {
    write("elsewhere/package.json", '{ "name": "pools", "main": "main.js" }');
    write("elsewhere/main.js", "module.exports = { size: 1 };");
    write("elsewhere/more.js", "module.exports = { size: 2 };");
    const packages = { pools: join(root, "elsewhere") };
    const file = write(
      ".projenrc.ts",
      'import { size } from "pools";\nexport const value = size + require("pools/more").size;',
    );
    expect(new ProgramModules({ packages }).load(file)).toMatchObject({ value: 3 });
  });

  test("a file later", async () => {
    write("pools.ts", "export const size: number = 1;");
    const { value } = load('export const value = import("./pools").then(({ size }) => size);');
    expect(await value).toBe(1);
  });
});

describe("what is compiled is kept", () => {
  const kept = () => readdirSync(join(root, "cache"));
  const run = () => new ProgramModules({ cache: join(root, "cache") }).load(join(root, ".projenrc.ts"));

  test("until the source changes", () => {
    write(".projenrc.ts", "export const value: number = 1;");
    run();
    const [first] = kept();
    appendMark(join(root, "cache", first));
    expect(run()).toMatchObject({ value: 1, marked: true });
    write(".projenrc.ts", "export const value: number = 2;");
    expect(run()).toEqual({ value: 2 });
  });

  test("and made again where another run was interrupted while it wrote", () => {
    write(".projenrc.ts", "export const value: number = 1;");
    run();
    const file = join(root, "cache", kept()[0]);
    writeFileSync(file, readFileSync(file, "utf8").slice(0, 20));
    expect(run()).toEqual({ value: 1 });
  });

  /** Whoever runs what is kept shows it. */
  function appendMark(file: string): void {
    writeFileSync(file, `exports.marked = true;${readFileSync(file, "utf8")}`);
  }
});

describe("what is no TypeScript is refused with its place:", () => {
  test.each([
    ["a value that is missing", "const a = 1;\nconst b = ;\n", 2, 11],
    ["a comma that is missing", "const a = {\n  b: 1\n  c: 2,\n};\n", 3, 3],
    ["a string without an end", 'const a = "b;\n', 1, 11],
    ["a name that is declared twice", "const a = 1;\nconst a = 2;\n", 2, 7],
    ["await outside a function", "export const a = 1;\nawait a;\n", 2, 1],
    ["a slip beside a namespace", "namespace A { const b = 1 }\nconst c = ;\n", 2, 11],
  ])("%s", (_, source, line, column) => {
    const filename = join(PACKAGE_ROOT, ".projenrc.ts");
    expect(() => transpile({ source, filename, ts: true })).toThrow(
      new RegExp(`^ParseError: [^\\n]+\\n .*/\\.projenrc\\.ts:${line}:${column}$`),
    );
  });
});

test("an error names the line that it was thrown at", () => {
  const source =
    'import { join } from "node:path";\ninterface A {\n  b: string;\n}\n\nenum C {\n  D,\n}\nthrow new Error(join("a", C[0]));\n';
  let stack = "";
  try {
    load(source);
  } catch (error) {
    stack = (error as Error).stack as string;
  }
  expect(stack).toContain(".projenrc.ts:9:");
});

test("a namespace where TypeScript is not installed says what to do", () => {
  expect(() => load("namespace A { export const b = 1; }\n")).toThrow(/TypeScript is not installed here: run "npm ci/);
});

/** What is left out of it is for other languages. */
test("the packed Sucrase compiles and refuses as the whole one does", () => {
  const whole = require("sucrase") as typeof import("sucrase");
  const packed = require("../../vendor/sucrase.js") as typeof import("sucrase");
  const said = (one: typeof import("sucrase"), source: string, transforms: ("typescript" | "imports")[]) => {
    try {
      return one.transform(source, { transforms, disableESTransforms: true }).code;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const sources = ["src", "templates", "generator/src", "scripts"].flatMap((directory) =>
    readdirSync(join(PACKAGE_ROOT, directory), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|m?js)$/.test(file))
      .map((file) => readFileSync(join(PACKAGE_ROOT, directory, file), "utf8")),
  );
  for (const source of [
    ...sources,
    "const a = <b>c</b>;",
    "type A = {| b: string |};",
    "// @flow\n(a: b)",
    "jest.mock();",
  ]) {
    for (const transforms of [["typescript" as const, "imports" as const], ["imports" as const]]) {
      expect(said(packed, source, transforms)).toBe(said(whole, source, transforms));
    }
  }
});
