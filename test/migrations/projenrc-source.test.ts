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
  ["a quoted name", "new RayPlatformProject({ 'old': 1 });", "old", 'new RayPlatformProject({ "fresh": 1 });'],
  ["a shorthand", "const old = 1;\nnew RayPlatformProject({ old });", "old", "const old = 1;\nnew RayPlatformProject({ fresh: old });"],
  ["a method-like value", "new RayPlatformProject({ old: () => 1 });", "old", "new RayPlatformProject({ fresh: () => 1 });"],
  ["a constant", "const o = { old: 1 } as const;\nnew RayPlatformProject(o);", "old", "const o = { fresh: 1 } as const;\nnew RayPlatformProject(o);"],
  ["a spread constant", "const o = { old: 1 };\nnew RayPlatformProject({ ...o, x: 1 });", "old", "const o = { fresh: 1 };\nnew RayPlatformProject({ ...o, x: 1 });"],
  ["a nested path", "new RayPlatformProject({ a: { old: 1 }, old: 2 });", "a.old", "new RayPlatformProject({ a: { fresh: 1 }, old: 2 });"],
  ["every element", "new RayPlatformProject({ list: [{ old: 1 }, { old: 2 }] });", "list[].old", "new RayPlatformProject({ list: [{ fresh: 1 }, { fresh: 2 }] });"],
  ["the same name elsewhere", "const other = { old: 1 };\nnew RayPlatformProject({ x: other.old });", "old", "const other = { old: 1 };\nnew RayPlatformProject({ x: other.old });"],
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
  ["a computed name", "new RayPlatformProject({ ['old']: 1 });", "1:26"],
])("%s is refused with its place", (_, source, place) => {
  expect(() => renamed(source, "old", "fresh")).toThrow(RewriteError);
  expect(() => renamed(source, "old", "fresh")).toThrow(`.projenrc.ts:${place} cannot be rewritten safely: type fresh instead of old there`);
});
