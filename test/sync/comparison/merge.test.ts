// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf, updateWith } from "../preview-of";

const LINES = ["one", "two", "three", "four", "five", "six", "seven"];
const FIRST: MiniOptions = { seeded: { "src/extensions.ts": text(LINES) } };
const SECOND: MiniOptions = { seeded: { "src/extensions.ts": text([...LINES.slice(0, 6), "seven, by us"]) } };

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function git(root: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=u", "-c", "user.email=u@example.com", ...args], {
    cwd: root,
    encoding: "utf8",
  });
}

/** A project of the first version, in a repository of its own, with an edit of the user. */
function project(edit: (content: string) => string | Buffer, directory = temporaryDirectory()): string {
  generate(directory, FIRST);
  const file = join(directory, "src", "extensions.ts");
  writeFileSync(file, edit(readFileSync(file, "utf8")));
  return directory;
}

function extensions(root: string): string {
  return readFileSync(join(root, "src", "extensions.ts"), "utf8");
}

test("a change of ours and a change of the user's, apart, are both in the file", () => {
  const root = project((content) => content.replace("one\n", "one, by the user\n"));
  const report = updateWith(root, SECOND);
  expect(fileOf(report, "src/extensions.ts")?.state).toBe("merge");
  expect(extensions(root)).toBe(text(["one, by the user", ...LINES.slice(1, 6), "seven, by us"]));
});

test("line ends and byte order mark stay as the user has them", () => {
  const root = project((content) => `\uFEFF${content.replace("one\n", "one, by the user\n").replace(/\n/g, "\r\n")}`);
  updateWith(root, SECOND);
  expect(extensions(root)).toBe(
    `\uFEFF${text(["one, by the user", ...LINES.slice(1, 6), "seven, by us"]).replace(/\n/g, "\r\n")}`,
  );
});

test("line ends stay as the user has them also in a file that they did not edit", () => {
  const root = project((content) => content.replace(/\n/g, "\r\n"));
  expect(fileOf(updateWith(root, SECOND), "src/extensions.ts")).toMatchObject({ state: "updated", action: "write" });
  expect(extensions(root)).toBe(text([...LINES.slice(0, 6), "seven, by us"]).replace(/\n/g, "\r\n"));
  expect(fileOf(updateWith(root, SECOND), "src/extensions.ts")).toMatchObject({ state: "unchanged" });
});

test("a file of the user that is not UTF-8 keeps its bytes", () => {
  const root = project((content) => Buffer.concat([Buffer.from([0xe9, 0xff, 10]), Buffer.from(content)]));
  updateWith(root, SECOND);
  const content = readFileSync(join(root, "src", "extensions.ts"));
  expect(content.subarray(0, 3)).toEqual(Buffer.from([0xe9, 0xff, 10]));
  expect(content.includes("seven, by us")).toBe(true);
});

test("a file in which a merge of git waits to be resolved is not merged again", () => {
  const conflicted = "<<<<<<< HEAD\none, here\n=======\none, there\n>>>>>>> branch\n";
  const root = project((content) => content.replace("one\n", conflicted));
  const before = extensions(root);
  expect(fileOf(updateWith(root, SECOND), "src/extensions.ts")).toMatchObject({ state: "conflict", action: "keep" });
  expect(extensions(root)).toBe(before);
  writeFileSync(join(root, "src", "extensions.ts"), before.replace(conflicted, "one, both\n"));
  expect(fileOf(updateWith(root, SECOND), "src/extensions.ts")).toMatchObject({ state: "merge", action: "merge" });
});

test("a plain regeneration leaves seeded files alone and says that ours moved on", () => {
  const root = project((content) => content.replace("one\n", "one, by the user\n"));
  const before = extensions(root);
  generate(root, SECOND);
  expect(extensions(root)).toBe(before);
  expect(fileOf(previewOf(root, SECOND), "src/extensions.ts")?.note).toContain("update");
});

describe("changes that overlap", () => {
  /** Both sides change the last line; in a repository below which the project lies. */
  function conflict(): { root: string; repository: string } {
    const repository = temporaryDirectory();
    git(repository, "init", "--quiet");
    const root = join(repository, "platform");
    mkdirSync(root);
    project((content) => content.replace("seven\n", "seven, by the user\n"), root);
    git(repository, "add", "--all");
    git(repository, "commit", "--quiet", "--message", "first");
    updateWith(root, SECOND);
    return { root, repository };
  }

  test("are ordinary conflict markers in the file", () => {
    const { root } = conflict();
    expect(extensions(root)).toContain(
      "<<<<<<< yours\nseven, by the user\n=======\nseven, by us\n>>>>>>> ray-platform ",
    );
  });

  test("are three different stages in the index, so that merge tools work", () => {
    const { repository } = conflict();
    const path = "platform/src/extensions.ts";
    expect(git(repository, "diff", "--name-only", "--diff-filter=U").trim()).toBe(path);
    expect(git(repository, "show", `:1:${path}`)).toBe(text(LINES));
    expect(git(repository, "show", `:2:${path}`)).toBe(text([...LINES.slice(0, 6), "seven, by the user"]));
    expect(git(repository, "show", `:3:${path}`)).toBe(text([...LINES.slice(0, 6), "seven, by us"]));
  });

  test("are stages with the user's line ends: a merge tool shows the lines that differ, and no others", () => {
    const root = temporaryDirectory();
    git(root, "init", "--quiet");
    project((content) => content.replace("seven\n", "seven, by the user\n").replace(/\n/g, "\r\n"), root);
    rmSync(join(root, ".gitattributes")); // With ours, git would store LF in any case.
    updateWith(root, { ...SECOND, release: [".gitattributes"] });
    const stages = ["1", "2", "3"].map((stage) => git(root, "show", `:${stage}:src/extensions.ts`));
    expect(stages.map((content) => content.split("\r\n").slice(0, 6))).toEqual(Array(3).fill(LINES.slice(0, 6)));
  });

  test("are a conflict until the user resolves them, and are not merged again", () => {
    const { root } = conflict();
    const marked = extensions(root);
    expect(fileOf(previewOf(root, SECOND), "src/extensions.ts")?.state).toBe("conflict");
    updateWith(root, SECOND);
    expect(extensions(root)).toBe(marked);
    writeFileSync(join(root, "src", "extensions.ts"), text([...LINES.slice(0, 6), "seven, by both"]));
    expect(fileOf(previewOf(root, SECOND), "src/extensions.ts")?.state).toBe("unchanged");
  });

  test("work in a worktree and in a submodule, whose .git is a file", () => {
    const { repository } = conflict();
    git(repository, "checkout", "--quiet", "--force", "HEAD");
    const worktree = join(temporaryDirectory(), "worktree");
    git(repository, "worktree", "add", "--quiet", worktree, "HEAD");
    updateWith(join(worktree, "platform"), SECOND);
    expect(git(worktree, "diff", "--name-only", "--diff-filter=U").trim()).toBe("platform/src/extensions.ts");

    const outer = temporaryDirectory();
    git(outer, "init", "--quiet");
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository, "inner");
    updateWith(join(outer, "inner", "platform"), SECOND);
    expect(git(join(outer, "inner"), "diff", "--name-only", "--diff-filter=U").trim()).toBe(
      "platform/src/extensions.ts",
    );
  });
});

test("the merge base is there in a shallow clone", () => {
  const repository = temporaryDirectory();
  git(repository, "init", "--quiet");
  project((content) => content.replace("one\n", "one, by the user\n"), repository);
  git(repository, "add", "--all");
  git(repository, "commit", "--quiet", "--message", "first");
  git(repository, "commit", "--quiet", "--allow-empty", "--message", "second");
  const clone = join(temporaryDirectory(), "clone");
  git(repository, "clone", "--quiet", "--depth", "1", `file://${repository}`, clone);
  expect(fileOf(updateWith(clone, SECOND), "src/extensions.ts")?.state).toBe("merge");
  expect(extensions(clone)).toContain("one, by the user");
  expect(extensions(clone)).toContain("seven, by us");
});

test("a merge base that is gone is a conflict that changes nothing", () => {
  const root = project((content) => content.replace("one\n", "one, by the user\n"));
  const before = extensions(root);
  rmSync(join(root, ".ray-platform", "base"), { recursive: true });
  const file = fileOf(updateWith(root, SECOND), "src/extensions.ts");
  expect(file?.state).toBe("conflict");
  expect(file?.note).toContain(".ray-platform/base/");
  expect(extensions(root)).toBe(before);

  const lock = join(root, ".ray-platform", "lock.json");
  writeFileSync(lock, readFileSync(lock, "utf8").replace(/^ *"src\/extensions\.ts".*\n/m, ""));
  expect(fileOf(updateWith(root, SECOND), "src/extensions.ts")?.state).toBe("unchanged");
  expect(extensions(root)).toBe(before);
});
