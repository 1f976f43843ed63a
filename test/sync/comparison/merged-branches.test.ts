// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";

const LINES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** What is generated where some lines are changed by options. */
function options(change: Readonly<Record<string, string>>): MiniOptions {
  const text = LINES.map((line) => `${line}: ${change[line] ?? line}\n`).join("");
  return { managed: { "managed.yml": text }, blocks: { CODEOWNERS: text.replaceAll(":", "") } };
}

/** Changes of two branches: whether git can merge the files by lines or not. */
const BRANCHES = {
  "far apart": { ours: { one: "ours" }, theirs: { nine: "theirs" } },
  overlapping: { ours: { five: "ours" }, theirs: { five: "theirs" } },
  both: { ours: { one: "ours", five: "ours" }, theirs: { five: "theirs", nine: "theirs" } },
} as const;

function git(root: string, ...args: string[]): number | null {
  const identity = [
    "-c",
    "core.editor=true",
    "-c",
    "user.name=test",
    "-c",
    "user.email=test@example.com",
    "-c",
    "commit.gpgsign=false",
  ];
  return spawnSync("git", [...identity, ...args], { cwd: root, encoding: "utf8" }).status;
}

function commit(root: string, change: Readonly<Record<string, string>>): void {
  generate(root, options(change));
  git(root, "add", "-A");
  git(root, "commit", "-qm", "regenerated");
}

/** A repository in which one branch was merged into another, as far as git could. */
function merged({ ours, theirs }: (typeof BRANCHES)[keyof typeof BRANCHES], how: "merge" | "rebase"): string {
  const root = temporaryDirectory();
  git(root, "init", "-q", "-b", "main");
  commit(root, {});
  git(root, "checkout", "-qb", "theirs");
  commit(root, theirs);
  git(root, "checkout", "-qb", "ours", "main");
  commit(root, ours);
  git(root, how, "theirs");
  return root;
}

function saved(root: string): string[] {
  const directory = join(root, ".ray-platform/rejected");
  return existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: "utf8" }) : [];
}

const CASES = Object.keys(BRANCHES).flatMap((name) =>
  (["merge", "rebase"] as const).flatMap((how) =>
    (["with markers", "--ours", "--theirs"] as const).map((lock) => [name, how, lock] as const),
  ),
);

describe.each(CASES)("changes %s, by %s, the lock %s", (name, how, lock) => {
  const change = BRANCHES[name as keyof typeof BRANCHES];

  test("need no hands, and leave no patch behind", () => {
    const root = merged(change, how);
    if (lock !== "with markers") {
      git(root, "checkout", lock, "--", ".ray-platform/lock.json");
    }
    const both = { ...change.theirs, ...change.ours };
    generate(root, options(both));
    expect(saved(root)).toEqual([]);
    const { managed } = options(both);
    expect(readFileSync(join(root, "managed.yml"), "utf8")).toBe(managed?.["managed.yml"]);
    expect(readFileSync(join(root, "CODEOWNERS"), "utf8")).not.toContain("<<<<<<<");
  });
});

test("an edit on top of git's merge is saved", () => {
  const root = merged(BRANCHES["far apart"], "merge");
  const file = join(root, "managed.yml");
  chmodSync(file, 0o644);
  writeFileSync(file, `${readFileSync(file, "utf8")}mine\n`);
  generate(root, options({}));
  expect(saved(root)).toEqual(["managed.yml.1.patch"]);
});

test("an edit that one branch had committed is saved, without the other's lines and without markers", () => {
  const root = temporaryDirectory();
  git(root, "init", "-q", "-b", "main");
  commit(root, {});
  git(root, "checkout", "-qb", "theirs");
  commit(root, { five: "theirs" });
  git(root, "checkout", "-qb", "ours", "main");
  chmodSync(join(root, "managed.yml"), 0o644);
  writeFileSync(join(root, "managed.yml"), options({ five: "mine" }).managed?.["managed.yml"] ?? "");
  git(root, "commit", "-qam", "edited by hand");
  git(root, "merge", "theirs");
  generate(root, options({ five: "theirs" }));
  const [patch] = saved(root);
  const text = readFileSync(join(root, ".ray-platform/rejected", patch as string), "utf8");
  expect(text).toContain("+five: mine");
  expect(text).not.toMatch(/<{7}|>{7}/);
});
