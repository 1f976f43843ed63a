// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { judgeUpdate } from "../../src/proposal/judge";
import { formatLock, LOCK_PATH } from "../../src/sync/store/lock-file";
import { temporaryDirectory } from "../sync/mini-project";

const LOCK = formatLock({ generator: "1.0.0", migrations: [], files: new Map() });

describe("of paths that macOS or Windows takes for one, an upgrade is refused", () => {
  let root: string;
  const git = (args: readonly string[], input = "") =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", input }).trim();
  beforeAll(() => {
    root = temporaryDirectory();
    git(["init", "--quiet"]);
  });

  /** A tree of files by path. They are never written: this machine may be one of those that take them for one. */
  const tree = (files: Readonly<Record<string, string>>): string => {
    git(["read-tree", "--empty"]);
    for (const [path, text] of Object.entries({ ...files, [LOCK_PATH]: LOCK })) {
      git([
        "update-index",
        "--add",
        "--cacheinfo",
        `100644,${git(["hash-object", "-w", "--stdin", "--no-filters"], text)},${path}`,
      ]);
    }
    return git(["write-tree"]);
  };
  const namesakes = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] =>
    judgeUpdate(root, tree(before), tree(after)).flatMap(({ path, problem }) => {
      const [, other] = /macOS or Windows[^"]*"(.*)"/.exec(problem ?? "") ?? [];
      return other === undefined ? [] : [`${path} ${other}`];
    });

  const both = { "Docs/mine.md": "mine", "docs/a.md": "a" };
  test.each<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, readonly string[]]>([
    ["a directory beside the user's own", { "Docs/mine.md": "mine" }, both, ["docs/a.md Docs"]],
    ["a directory of the update's own", { "docs/a.md": "a" }, both, ["Docs/mine.md docs"]],
    [
      "a file of the same name in two directories that were there",
      { ...both, "Docs/b.md": "mine" },
      { ...both, "Docs/b.md": "mine", "docs/b.md": "b" },
      ["docs/b.md Docs/b.md"],
    ],
    ["a third spelling", both, { ...both, "DOCS/b.md": "b" }, ["DOCS/b.md Docs"]],
    ["two that are new", {}, both, ["Docs/mine.md docs", "docs/a.md Docs"]],
  ])("for %s", (_title, before, after, found) => {
    expect(namesakes(before, after)).toEqual(found);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ["a file more in one of two directories that were there", both, { ...both, "docs/b.md": "b" }],
    ["a change in one of them", both, { ...both, "docs/a.md": "b" }],
    ["a change of one of two files that were there", { A: "a", a: "a" }, { A: "a", a: "b" }],
    ["one of two that goes", both, { "docs/a.md": "b" }],
  ])("not for %s", (_title, before, after) => {
    expect(namesakes(before, after)).toEqual([]);
  });
});
