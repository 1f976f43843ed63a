// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { automationFiles } from "../../src/workflow-rules/files-on-disk";
import { temporaryDirectory } from "../sync/mini-project";

const MINE = ".github/workflows/mine.yml";
const ACTION = "name: A\nruns:\n  using: composite\n  steps: []\n";
const step = (uses: string): string => `jobs:\n  a:\n    steps:\n      - ${uses}\n`;

function actionsIn(files: Readonly<Record<string, string>>): string[] {
  const root = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return automationFiles(root)
    .filter(({ kind }) => kind === "action")
    .map(({ path }) => path);
}

describe("of actions on disk", () => {
  test.each(["build", "coverage", "dist", "out"])("what a package's tools write into %s is left out", (name) => {
    const path = `packages/x/${name}/action.yml`;
    expect(actionsIn({ "packages/x/package.json": "{}", [path]: ACTION })).toEqual([]);
    // Nobody's tools write there.
    expect(actionsIn({ [path]: ACTION })).toEqual([path]);
  });

  test.each([
    ["a directory by another name", "packages/x/action/action.yml", "packages/x/package.json"],
    ["a package below the directory", "ci/build/action.yml", "ci/build/package.json"],
    ["a directory of GitHub's", ".github/actions/build/action.yml", ".github/actions/package.json"],
    ["a package at the top", "dist/action.yml", "package.json"],
  ])("%s is read", (_title, path, manifest) => {
    expect(actionsIn({ [path]: ACTION, [manifest]: "{}" })).toEqual([path]);
  });

  const OUTPUT = "packages/x/build/action.yml";
  test.each([
    ["as it is", step("uses: ./packages/x/build")],
    ["with a slash", step("uses: ./packages/x/build/")],
    ["in quotes", step('"uses": "./packages/x/build"')],
    ["with escapes", step('uses: ".\\x2fpackages/x/\\u0062uild"')],
    ["with a key that has one", step('"u\\x73es": ./packages/x/build')],
    ["on another line", step("uses:\n          ./packages/x/build")],
    ["as a block", step("uses: >-\n          ./packages/x/build")],
    ["on a line that goes on", step('uses: "./packages/x/\\\n          build"')],
    ["by an anchor", `x: &a ./packages/x/build\n${step("uses: *a")}`],
    ["by an alias for the key", `x: &a uses\n${step("*a : ./packages/x/build")}`],
    ["in a flow", step("{name: A, uses: ./packages/x/build}")],
    ["with dots", step("uses: ./packages/./y/../x//build")],
    ["in capitals", step("uses: ./Packages/X/Build")],
    ["where it is checked out", step("uses: ./checkout/packages/x/build")],
    ["by the other spelling", step("uses: $/packages/x/build")],
  ])("what a workflow uses by its path is read, %s", (_title, text) => {
    const files = { "packages/x/package.json": "{}", [OUTPUT]: ACTION, [MINE]: text };
    expect(actionsIn(files)).toEqual([OUTPUT]);
  });

  test.each(["build", "coverage", "cdktf.out/stacks", ".projen", ".ray-platform/x"])(
    "what a workflow uses is read at the top too: %s",
    (directory) => {
      const path = `${directory}/action.yml`;
      expect(actionsIn({ [path]: ACTION, [MINE]: step(`uses: ./${directory}`) })).toEqual([path]);
      expect(actionsIn({ [path]: ACTION, [MINE]: step("uses: ./ci/other") })).toEqual([]);
    },
  );

  test("what lies below, and what such an action uses, is read", () => {
    const chain = {
      [MINE]: step("uses: ./packages/x/build/deep"),
      "packages/x/package.json": "{}",
      "packages/x/build/deep/action.yml": ACTION.replace(" []", "\n    - uses: ./packages/y/dist"),
      "packages/y/package.json": "{}",
      "packages/y/dist/action.yml": ACTION,
      "packages/y/out/action.yml": ACTION,
    };
    expect(actionsIn(chain)).toEqual(["packages/x/build/deep/action.yml", "packages/y/dist/action.yml"]);
  });

  test.each([
    ["another directory", step("uses: ./packages/x/builder")],
    ["one of another package", step("uses: ./packages/y/build")],
    ["a script", step("run: cat ./packages/x/build/action.yml")],
    ["no YAML", "a: [\n"],
  ])("%s in a workflow makes no output one", (_title, text) => {
    expect(actionsIn({ "packages/x/package.json": "{}", [OUTPUT]: ACTION, [MINE]: text })).toEqual([]);
  });
});
