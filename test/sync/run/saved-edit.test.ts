// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import fs, { chmodSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";

const SHIPPED = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const EDITED = SHIPPED.replace("four", "four, by the user");
const OPTIONS: MiniOptions = { managed: { "docs/a.md": SHIPPED } };
const REJECTED = ".ray-platform/rejected/docs";

/** A project, in a directory or a new one, whose managed file the user has edited. */
function edited(content: string | Buffer = EDITED, root = temporaryDirectory()): string {
  generate(root, OPTIONS);
  chmodSync(join(root, "docs/a.md"), 0o644);
  writeFileSync(join(root, "docs/a.md"), content);
  return root;
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function git(root: string, ...args: string[]): void {
  execFileSync("git", args, { cwd: root });
}

describe("what lies in place of a patch does not stand in its way:", () => {
  test.each<[string, (path: string) => void]>([
    ["a link that leads nowhere", (path) => symlinkSync("nowhere", path)],
    ["a directory", (path) => mkdirSync(path)],
    ["a file", (path) => writeFileSync(path, "something else\n")],
  ])("%s", (_, obstruct) => {
    const root = edited();
    mkdirSync(join(root, REJECTED), { recursive: true });
    obstruct(join(root, REJECTED, "a.md.1.patch"));
    generate(root, OPTIONS);
    expect(read(root, `${REJECTED}/a.md.2.patch`)).toContain("+four, by the user");
  });
});

test("an edit whose patch could not be put into place is not overwritten", () => {
  const root = edited();
  const rename = fs.renameSync.bind(fs);
  jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    rename(from, to);
    if (String(to).endsWith("journal.json")) {
      mkdirSync(join(root, REJECTED, "a.md.1.patch"), { recursive: true });
    }
  });
  generate(root, OPTIONS);
  jest.restoreAllMocks();
  expect(read(root, "docs/a.md")).toBe(EDITED);
  generate(root, OPTIONS);
  expect(read(root, `${REJECTED}/a.md.2.patch`)).toContain("+four, by the user");
});

test("a relative link is moved aside as often as somebody makes it", () => {
  const root = edited();
  for (let time = 1; time <= 2; time++) {
    rmSync(join(root, "docs/a.md"), { force: true });
    symlinkSync("../README.md", join(root, "docs/a.md"));
    generate(root, OPTIONS);
    expect(read(root, "docs/a.md")).toBe(SHIPPED);
    expect(readlinkSync(join(root, REJECTED, `a.md.${time}.moved`))).toBe("../README.md");
  }
});

describe("git applies a patch again", () => {
  test.each<[string, string | Buffer]>([
    ["with a byte order mark", `\uFEFF${EDITED}`],
    ["without a line end at the end", EDITED.trimEnd()],
    ["of a file with mixed line ends", EDITED.replace("two\n", "two\r\n")],
    ["of a file that is not UTF-8", Buffer.concat([Buffer.from([0xe9, 0xff, 10]), Buffer.from(EDITED)])],
    ["of a binary file", Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(EDITED)])],
    ["of an emptied file", ""],
  ])("%s", (_, content) => {
    const root = edited(content);
    generate(root, OPTIONS);
    expect(read(root, "docs/a.md")).toBe(SHIPPED);
    git(root, "init", "--quiet");
    git(root, "apply", "--whitespace=nowarn", `${REJECTED}/a.md.1.patch`);
    expect(readFileSync(join(root, "docs/a.md"))).toEqual(Buffer.from(content));
  });

  test("whatever the user's configuration says about context", () => {
    const root = edited();
    process.env.GIT_CONFIG_COUNT = "1";
    process.env.GIT_CONFIG_KEY_0 = "diff.context";
    process.env.GIT_CONFIG_VALUE_0 = "0";
    process.env.GIT_DIFF_OPTS = "--unified=0";
    try {
      generate(root, OPTIONS);
    } finally {
      for (const name of ["GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "GIT_DIFF_OPTS"]) {
        delete process.env[name];
      }
    }
    git(root, "init", "--quiet");
    git(root, "apply", `${REJECTED}/a.md.1.patch`);
    expect(read(root, "docs/a.md")).toBe(EDITED);
  });

  test("in a project below the top of a repository, as the patch says how", () => {
    const repository = temporaryDirectory();
    git(repository, "init", "--quiet");
    const root = join(repository, "platform");
    mkdirSync(root);
    edited(EDITED, root);
    generate(root, OPTIONS);
    const patch = `${REJECTED}/a.md.1.patch`;
    const command = /^To apply it again: +git (.*)$/m.exec(read(root, patch))?.[1] ?? "";
    git(root, ...command.split(" "));
    expect(read(root, "docs/a.md")).toBe(EDITED);
  });

  test("after it went through a repository that turns line ends", () => {
    const root = edited(EDITED.replace("two\n", "two\r\n"));
    generate(root, OPTIONS);
    writeFileSync(join(root, ".gitattributes"), "* text=auto eol=lf\n");
    git(root, "init", "--quiet");
    git(root, "add", "--all");
    const stored = execFileSync("git", ["cat-file", "blob", `:${REJECTED}/a.md.1.patch`], { cwd: root });
    expect(stored).toEqual(readFileSync(join(root, REJECTED, "a.md.1.patch")));
  });
});
