// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import ts from "typescript";
import { ProjenrcSource, RewriteError } from "../../src/migrations/projenrc-source";

function renamed(source: string, from: string, to: string): string {
  const projenrc = new ProjenrcSource(ts, ".projenrc.ts", source);
  projenrc.renameOption(from, to);
  return projenrc.text;
}

test.each([
  ["a property", "new RayPlatformProject({ old: 1 });", "old", "new RayPlatformProject({ fresh: 1 });"],
  [
    "comments and formatting",
    "new RayPlatformProject({\n  /* why */ old   :   [ 1,2 ], // because\n  other: 1 });",
    "old",
    "new RayPlatformProject({\n  /* why */ fresh   :   [ 1,2 ], // because\n  other: 1 });",
  ],
  ["a quoted name", "new RayPlatformProject({ 'old': 1 });", "old", "new RayPlatformProject({ 'fresh': 1 });"],
  [
    "a class of a namespace",
    "new ray.RayPlatformProject({ old: 1 });",
    "old",
    "new ray.RayPlatformProject({ fresh: 1 });",
  ],
  [
    "a class under another name",
    'import { RayPlatformProject as P } from "ray-platform";\nnew P({ old: 1 });',
    "old",
    'import { RayPlatformProject as P } from "ray-platform";\nnew P({ fresh: 1 });',
  ],
  [
    "both branches",
    "new RayPlatformProject({ ...(x ? { old: 1 } : y && { old: 2 }) });",
    "old",
    "new RayPlatformProject({ ...(x ? { fresh: 1 } : y && { fresh: 2 }) });",
  ],
  [
    "a nested name elsewhere",
    "const b = { old: 1 };\nnew RayPlatformProject({ a: { old: b.old } });",
    "a.old",
    "const b = { old: 1 };\nnew RayPlatformProject({ a: { fresh: b.old } });",
  ],
  [
    "a shorthand",
    "const old = 1;\nnew RayPlatformProject({ old });",
    "old",
    "const old = 1;\nnew RayPlatformProject({ fresh: old });",
  ],
  [
    "a method-like value",
    "new RayPlatformProject({ old: () => 1 });",
    "old",
    "new RayPlatformProject({ fresh: () => 1 });",
  ],
  [
    "a constant",
    "const o = { old: 1 } as const;\nnew RayPlatformProject(o);",
    "old",
    "const o = { fresh: 1 } as const;\nnew RayPlatformProject(o);",
  ],
  [
    "a spread constant",
    "const o = { old: 1 };\nnew RayPlatformProject({ ...o, x: 1 });",
    "old",
    "const o = { fresh: 1 };\nnew RayPlatformProject({ ...o, x: 1 });",
  ],
  [
    "a nested path",
    "new RayPlatformProject({ a: { old: 1 }, old: 2 });",
    "a.old",
    "new RayPlatformProject({ a: { fresh: 1 }, old: 2 });",
  ],
  [
    "every element",
    "new RayPlatformProject({ list: [{ old: 1 }, { old: 2 }] });",
    "list[].old",
    "new RayPlatformProject({ list: [{ fresh: 1 }, { fresh: 2 }] });",
  ],
  [
    "the same name elsewhere",
    "const other = { old: 1 };\nnew RayPlatformProject({ x: other.old });",
    "old",
    "const other = { old: 1 };\nnew RayPlatformProject({ x: other.old });",
  ],
  [
    "nothing, where it is not used and constants are unclear",
    "{ const o = {}; }\nconst o = {};\nnew RayPlatformProject(o);",
    "old",
    "{ const o = {}; }\nconst o = {};\nnew RayPlatformProject(o);",
  ],
  ["nothing, where it is not used", "new RayPlatformProject({ x: 1 });", "old", "new RayPlatformProject({ x: 1 });"],
])("%s", (_, source, from, expected) => {
  expect(renamed(source, from, "fresh")).toBe(expected);
});

test("is idempotent", () => {
  const once = renamed("new RayPlatformProject({ old: 1 });", "old", "fresh");
  expect(renamed(once, "old", "fresh")).toBe(once);
});

test.each([
  ["an assignment", "const o: any = {};\no.old = 1;\nnew RayPlatformProject(o);", "2:1"],
  ["an indexed assignment", "const o: any = {};\no['old'] = 1;\nnew RayPlatformProject(o);", "2:1"],
  ["a nested assignment", "const o: any = { a: {} };\no.a.old = 1;\nnew RayPlatformProject(o);", "2:1", "a.old"],
  [
    "an assignment to an element",
    "const o: any = { a: [{}] };\no.a[0].old = 1;\nnew RayPlatformProject(o);",
    "2:1",
    "a[].old",
  ],
  ["a reading", "const o = { old: 1 };\nprint(o.old);\nnew RayPlatformProject(o);", "2:7"],
  ["an unpacking", "const o = { old: 1 };\nconst { old } = o;\nnew RayPlatformProject(o);", "2:9"],
  ["a computed name", "new RayPlatformProject({ ['old']: 1 });", "1:26"],
])("%s is refused with its place", (_, source, place, from = "old") => {
  expect(() => renamed(source, from, "fresh")).toThrow(RewriteError);
  expect(() => renamed(source, from, "fresh")).toThrow(
    `.projenrc.ts:${place} cannot be rewritten safely: type fresh instead of old there`,
  );
});

test("an object with the old name and the new one is refused", () => {
  expect(() => renamed("new RayPlatformProject({ old: 1, fresh: 2 });", "old", "fresh")).toThrow(
    "both are set at .projenrc.ts:1:26",
  );
});

test("two constants of one name are refused, because only one of them holds the options", () => {
  const source = "function f() {\n  const o = { old: 1 };\n}\nconst o = { old: 2 };\nnew RayPlatformProject(o);";
  expect(() => renamed(source, "old", "fresh")).toThrow(
    "o is declared more than once in .projenrc.ts, .projenrc.ts:4:7 for one",
  );
});

test("a package specification keeps its quotes", () => {
  const projenrc = new ProjenrcSource(
    ts,
    ".projenrc.ts",
    "new RayPlatformProject({ devDeps: ['ray-platform@1.0.0'] });",
  );
  projenrc.replaceStrings((text) => text.startsWith("ray-platform@"), "ray-platform@2.0.0");
  expect(projenrc.text).toBe("new RayPlatformProject({ devDeps: ['ray-platform@2.0.0'] });");
});

describe("an option is declared", () => {
  const HEAD = 'import { RayPlatformProject } from "ray-platform";\n';
  const declare = (source: string) => {
    const projenrc = new ProjenrcSource(ts, ".projenrc.ts", HEAD + source);
    return {
      isDeclared: projenrc.declareOption("limits", "types", ["a", "b"]),
      text: projenrc.text.slice(HEAD.length),
    };
  };

  test.each([
    [
      "in a struct of its own",
      "new RayPlatformProject({ name: 1 });",
      'new RayPlatformProject({ name: 1, limits: { types: ["a", "b"] } });',
    ],
    [
      "on a line of its own",
      "new RayPlatformProject({\n  name: 1, // why\n  // limits: { types: [] },\n});",
      'new RayPlatformProject({\n  name: 1, // why\n  limits: { types: ["a", "b"] },\n  // limits: { types: [] },\n});',
    ],
    [
      "behind a property without comma",
      "new RayPlatformProject({\n  name: 1\n});",
      'new RayPlatformProject({\n  name: 1,\n  limits: { types: ["a", "b"] }\n});',
    ],
    [
      "in the struct that is there",
      "new RayPlatformProject({ limits: { most: 1 }, name: 1 });",
      'new RayPlatformProject({ limits: { most: 1, types: ["a", "b"] }, name: 1 });',
    ],
    [
      "in an empty struct",
      "new RayPlatformProject({ limits: {} });",
      'new RayPlatformProject({ limits: { types: ["a", "b"] } });',
    ],
    [
      "in a constant",
      "const o: Options = { name: 1 };\nnew RayPlatformProject(o);",
      'const o: Options = { name: 1, limits: { types: ["a", "b"] } };\nnew RayPlatformProject(o);',
    ],
  ])("%s", (_, source, text) => {
    expect(declare(source)).toEqual({ isDeclared: true, text });
    expect(declare(text)).toEqual({ isDeclared: true, text });
  });

  test.each([
    ["its struct is made by code", "new RayPlatformProject({ name: 1, limits: limitsOf(2) });"],
    ["its struct is a shorthand", "new RayPlatformProject({ name: 1, limits });"],
    ["its struct is set later", "const o: any = { name: 1 };\no.limits = {};\nnew RayPlatformProject(o);"],
    ["options are spread", "new RayPlatformProject({ name: 1, ...shared });"],
    ["options come from elsewhere", "new RayPlatformProject(options());"],
    ["there are two projects", "new RayPlatformProject({ name: 1 });\nnew RayPlatformProject({ name: 2 });"],
    ["there is none", "export {};"],
  ])("by a person where %s", (_, source) => {
    expect(declare(source)).toEqual({ isDeclared: false, text: source });
  });
});
