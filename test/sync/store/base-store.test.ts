// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, updateWith } from "../preview-of";
import { refuse } from "../refused";

const FIRST: MiniOptions = { seeded: { "a.ts": "1\n2\n3\n4\n5\n6\n7\n" } };
const SECOND: MiniOptions = { seeded: { "a.ts": "1\n2\n3\n4\n5\n6\nours\n" } };

let root: string;
let directory: string;
let base: string;
beforeEach(() => {
  root = temporaryDirectory();
  generate(root, FIRST);
  directory = join(root, ".ray-platform", "base");
  base = join(directory, readdirSync(directory)[0]);
  writeFileSync(join(root, "a.ts"), "mine\n2\n3\n4\n5\n6\n7\n");
});
afterEach(() => jest.restoreAllMocks());

const BROKEN: ReadonlyArray<readonly [string, () => void, string]> = [
  ["missing", () => rmSync(base), "is missing; restore it from git"],
  ["damaged", () => rewrite("something else\n"), "is damaged, as its content does not have that hash"],
  ["unreadable", () => refuse("readFileSync", base), "cannot be read; correct its permissions"],
  ["a directory", () => replace(() => mkdirSync(base)), "has given way to a directory"],
  ["a link, even one to the right content", () => replaceByLink(), "has given way to a symbolic link"],
  ["behind a link", () => linkDirectory(), "cannot be reached: its directory .ray-platform/base is a symbolic link"],
];

test.each(BROKEN)("a merge base that is %s is reported as that, and the user's file stays", (_, breakBase, problem) => {
  breakBase();
  expect(fileOf(updateWith(root, SECOND), "a.ts")).toMatchObject({
    state: "conflict",
    action: "keep",
    note: expect.stringContaining(problem),
  });
  expect(readFileSync(join(root, "a.ts"), "utf8")).toBe("mine\n2\n3\n4\n5\n6\n7\n");
});

test("a store that cannot be listed is not taken for an empty one", () => {
  refuse("readdirSync", directory);
  expect(() => updateWith(root, SECOND)).toThrow(".ray-platform/base cannot be read: EACCES");
});

function replace(put: () => void): void {
  rmSync(base);
  put();
}

function rewrite(content: string): void {
  chmodSync(base, 0o644);
  writeFileSync(base, content);
}

function replaceByLink(): void {
  const aside = join(root, "aside");
  renameSync(base, aside);
  symlinkSync(aside, base);
}

function linkDirectory(): void {
  const aside = join(root, "aside");
  renameSync(directory, aside);
  symlinkSync(aside, directory);
}
