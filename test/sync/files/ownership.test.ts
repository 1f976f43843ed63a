// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import fs, { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaveJournal } from "../sealed";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf } from "../preview-of";

function generated(options: MiniOptions): string {
  const root = temporaryDirectory();
  generate(root, options);
  return root;
}

function overwrite(root: string, path: string, content: string): void {
  chmodSync(join(root, path), 0o644);
  writeFileSync(join(root, path), content);
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function mode(root: string, path: string): number {
  return statSync(join(root, path)).mode & 0o777;
}

describe("a managed file", () => {
  const OPTIONS: MiniOptions = { managed: { "docs/a.md": "one\ntwo\nthree\n" }, programs: { "run.sh": "#!/bin/sh\n" } };

  test("is read-only, and a program stays executable", () => {
    const root = generated(OPTIONS);
    expect([mode(root, "docs/a.md"), mode(root, "run.sh")]).toEqual([0o444, 0o544]);
  });

  test("keeps an edit as a patch that git can apply again", () => {
    const root = generated(OPTIONS);
    overwrite(root, "docs/a.md", "one\ntwo, by the user\nthree\n");
    generate(root, OPTIONS);
    expect(read(root, "docs/a.md")).toBe("one\ntwo\nthree\n");
    execFileSync("git", ["init", "--quiet"], { cwd: root });
    execFileSync("git", ["apply", ".ray-platform/rejected/docs/a.md.1.patch"], { cwd: root });
    expect(read(root, "docs/a.md")).toBe("one\ntwo, by the user\nthree\n");
  });

  test("keeps a second edit beside the first", () => {
    const root = generated(OPTIONS);
    for (const edit of ["first edit\n", "second edit\n"]) {
      overwrite(root, "docs/a.md", edit);
      generate(root, OPTIONS);
    }
    expect(read(root, ".ray-platform/rejected/docs/a.md.1.patch")).toContain("+first edit");
    expect(read(root, ".ray-platform/rejected/docs/a.md.2.patch")).toContain("+second edit");
  });

  test("after a clone, is not edited for having lost its read-only bit", () => {
    const root = generated(OPTIONS);
    chmodSync(join(root, "docs/a.md"), 0o664);
    expect(fileOf(previewOf(root, OPTIONS), "docs/a.md")?.state).toBe("unchanged");
    generate(root, OPTIONS);
    expect(mode(root, "docs/a.md")).toBe(0o444);
  });

  test("gets a lost executable bit back", () => {
    const root = generated(OPTIONS);
    chmodSync(join(root, "run.sh"), 0o644);
    generate(root, OPTIONS);
    expect(mode(root, "run.sh")).toBe(0o544);
  });

  test("is not edited for having been checked out with CRLF", () => {
    const root = generated(OPTIONS);
    overwrite(root, "docs/a.md", "one\r\ntwo\r\nthree\r\n");
    expect(fileOf(previewOf(root, OPTIONS), "docs/a.md")?.state).toBe("unchanged");
  });

  test("that is binary keeps its edit too", () => {
    const root = generated({ managed: { "logo.bin": "a\0b" } });
    overwrite(root, "logo.bin", "a\0user");
    generate(root, { managed: { "logo.bin": "a\0b" } });
    execFileSync("git", ["init", "--quiet"], { cwd: root });
    execFileSync("git", ["apply", ".ray-platform/rejected/logo.bin.1.patch"], { cwd: root });
    expect(read(root, "logo.bin")).toBe("a\0user");
  });
});

describe("a package.json that lies there before the first run", () => {
  const OPTIONS: MiniOptions = {
    json: { "package.json": { name: "mini", devDependencies: { "ray-platform": "1.0.0" } } },
  };
  const INSTALLED = '{ "devDependencies": { "ray-platform": "1.0.0" } }';

  test("and holds only what projen new installed is nobody's: nothing is said or saved about it", () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "package.json"), INSTALLED);
    expect(fileOf(previewOf(root, OPTIONS), "package.json")).toMatchObject({ state: "added", action: "write" });
    expect(fileOf(previewOf(root, OPTIONS), "package.json")).not.toHaveProperty("note");
    generate(root, OPTIONS);
    expect(read(root, "package.json")).toContain('"mini"');
    expect(existsSync(join(root, ".ray-platform/rejected"))).toBe(false);
  });

  test("and names a dependency that ours does not is the user's, and saved", () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "package.json"), INSTALLED.replace('"1.0.0"', '"1.0.0", "left-pad": "1.3.0"'));
    generate(root, OPTIONS);
    expect(read(root, ".ray-platform/rejected/package.json.1.patch")).toContain('"left-pad"');
  });

  test("and holds more is the user's, and saved", () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "package.json"), INSTALLED.replace("{", '{ "scripts": {},'));
    expect(fileOf(previewOf(root, OPTIONS), "package.json")).toMatchObject({
      state: "conflict",
      action: "save-and-write",
    });
    generate(root, OPTIONS);
    expect(read(root, ".ray-platform/rejected/package.json.1.patch")).toContain('"scripts"');
  });
});

describe("a block", () => {
  const OPTIONS: MiniOptions = { blocks: { CODEOWNERS: "* @platform\n" } };
  const NEXT: MiniOptions = { blocks: { CODEOWNERS: "* @platform @security\n" } };

  test("is renewed, and every other byte of the file stays", () => {
    const root = generated(OPTIONS);
    const mine = `\uFEFF# mine\r\n${read(root, "CODEOWNERS").replace(/\n/g, "\r\n")}/docs/ @me`;
    writeFileSync(join(root, "CODEOWNERS"), mine);
    generate(root, NEXT);
    expect(read(root, "CODEOWNERS")).toBe(mine.replace("* @platform\r\n", "* @platform @security\r\n"));
  });

  test("is added to a file that was there before", () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "CODEOWNERS"), "/docs/ @me\n");
    generate(root, OPTIONS);
    expect(read(root, "CODEOWNERS")).toMatch(
      /^\/docs\/ @me\n\n# >>> ray-platform.*\n\* @platform\n# <<< ray-platform\n$/,
    );
    generate(root, {});
    expect(read(root, "CODEOWNERS")).toBe("/docs/ @me\n");
  });

  test("between two short texts of the user goes without a byte of theirs", () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, "CODEOWNERS"), "a\n");
    generate(root, OPTIONS);
    writeFileSync(join(root, "CODEOWNERS"), `${read(root, "CODEOWNERS").replace("a\n\n", "a\n")}\nb\n`);
    generate(root, {});
    expect(read(root, "CODEOWNERS")).toBe("a\n\nb\n");
  });

  test("with damaged markers is a conflict that changes nothing", () => {
    const root = generated(OPTIONS);
    const damaged = read(root, "CODEOWNERS").replace("# <<< ray-platform\n", "");
    writeFileSync(join(root, "CODEOWNERS"), damaged);
    expect(fileOf(previewOf(root, NEXT), "CODEOWNERS")?.state).toBe("conflict");
    generate(root, NEXT);
    expect(read(root, "CODEOWNERS")).toBe(damaged);
  });

  test("is not put into a file that is UTF-16: the file stays as it is", () => {
    const root = generated({});
    const users = Buffer.from("\uFEFF* @me\r\n", "utf16le");
    writeFileSync(join(root, "CODEOWNERS"), users);
    expect(fileOf(previewOf(root, OPTIONS), "CODEOWNERS")).toMatchObject({
      state: "conflict",
      note: expect.stringContaining("UTF-16"),
    });
    generate(root, OPTIONS);
    expect(readFileSync(join(root, "CODEOWNERS"))).toEqual(users);
  });

  test("needs a comment syntax that is known", () => {
    expect(() => generated({ blocks: { "data.json": "{}" } })).toThrow("comment syntax of .json files is not known");
  });
});

describe("release", () => {
  const OPTIONS: MiniOptions = { managed: { "docs/a.md": "one\n", "docs/b.md": "b\n" } };
  const RELEASED: MiniOptions = { ...OPTIONS, release: ["docs/a.md"] };
  const NEXT: MiniOptions = { ...RELEASED, managed: { ...OPTIONS.managed, "docs/a.md": "two\n" } };

  test("hands the file over: writable, and left alone", () => {
    const root = generated(OPTIONS);
    generate(root, RELEASED);
    expect(mode(root, "docs/a.md")).toBe(0o644);
    overwrite(root, "docs/a.md", "mine\n");
    generate(root, NEXT);
    expect(read(root, "docs/a.md")).toBe("mine\n");
  });

  test("keeps telling when ours moves on", () => {
    const root = generated(OPTIONS);
    generate(root, RELEASED);
    expect(fileOf(previewOf(root, RELEASED), "docs/a.md")?.note).toBeUndefined();
    for (let run = 0; run < 2; run++) {
      expect(fileOf(previewOf(root, NEXT), "docs/a.md")?.note).toBe("our version changed since you took it over");
      generate(root, NEXT);
    }
  });

  test("of a file with a block shows ours within the user's text", () => {
    const first: MiniOptions = { blocks: { "README.md": "one\n" } };
    const root = generated(first);
    generate(root, { ...first, release: ["README.md"] });
    overwrite(root, "README.md", `${read(root, "README.md")}mine\n`);
    const file = fileOf(previewOf(root, { blocks: { "README.md": "two\n" }, release: ["README.md"] }), "README.md");
    expect(Buffer.from(file?.after ?? "", "base64").toString()).toBe(read(root, "README.md").replace("one\n", "two\n"));
  });

  test("taken back saves the user's version", () => {
    const root = generated(OPTIONS);
    generate(root, RELEASED);
    overwrite(root, "docs/a.md", "mine\n");
    generate(root, OPTIONS);
    expect(read(root, "docs/a.md")).toBe("one\n");
    expect(read(root, ".ray-platform/rejected/docs/a.md.1.patch")).toContain("+mine");
  });

  test("of a path that is not generated is told", () => {
    const root = generated(OPTIONS);
    expect(previewOf(root, { ...OPTIONS, release: ["docs/x.md"] }).notes).toEqual([
      'release: "docs/x.md" matches no generated file',
    ]);
  });

  test("of the bookkeeping is refused", () => {
    expect(() => generated({ ...OPTIONS, release: ["**"] })).toThrow("record what is generated");
  });
});

test("ejecting keeps an earlier backup of the projenrc too", () => {
  const root = generated({});
  writeFileSync(join(root, ".projenrc.ts"), "// mine\n");
  writeFileSync(join(root, ".projenrc.ts.bak"), "// mine, earlier\n");
  process.env.PROJEN_EJECTING = "true";
  try {
    generate(root, {});
  } finally {
    delete process.env.PROJEN_EJECTING;
  }
  expect(read(root, ".projenrc.ts.bak")).toBe("// mine, earlier\n");
  expect(read(root, ".projenrc.ts.1.bak")).toBe("// mine\n");
});

test("ejecting keeps what the user owns, and the projenrc as a backup", () => {
  const options: MiniOptions = { managed: { "docs/a.md": "a\n", "docs/b.md": "b\n" }, release: ["docs/a.md"] };
  const root = generated({ managed: options.managed });
  generate(root, options);
  writeFileSync(join(root, ".projenrc.ts"), "// mine\n");
  overwrite(root, "docs/a.md", "mine\n");
  process.env.PROJEN_EJECTING = "true";
  try {
    generate(root, options);
  } finally {
    delete process.env.PROJEN_EJECTING;
  }
  expect(read(root, "docs/a.md")).toBe("mine\n");
  expect(read(root, ".projenrc.ts.bak")).toBe("// mine\n");
  expect(mode(root, "docs/b.md")).toBe(0o644);
});

test("a directory that may not be searched is told, and nothing fails", () => {
  const options: MiniOptions = { managed: { "docs/a.md": "one\n" }, seeded: { "docs/b.md": "two\n" } };
  const root = generated(options);
  const lstat = fs.lstatSync.bind(fs);
  jest.spyOn(fs, "lstatSync").mockImplementation(((path: string, rest: never) => {
    if (path.startsWith(join(root, "docs/"))) {
      throw Object.assign(new Error(`EACCES: permission denied, lstat '${path}'`), { code: "EACCES" });
    }
    return lstat(path, rest);
  }) as typeof fs.lstatSync);
  const report = previewOf(root, options);
  generate(root, options);
  jest.restoreAllMocks();
  expect([fileOf(report, "docs/a.md"), fileOf(report, "docs/b.md")]).toMatchObject([
    { state: "obstructed", action: "keep", note: expect.stringContaining("its directory cannot be read") },
    { state: "obstructed", action: "none" },
  ]);
  expect(process.exitCode).toBe(1);
  process.exitCode = 0;
  expect(previewOf(root, options).files.every(({ state }) => state === "unchanged")).toBe(true);
});

describe("paths that lead out of the project", () => {
  const OPTIONS: MiniOptions = { managed: { "docs/a.md": "one\n" } };

  test.each([
    "../outside.txt",
    "/etc/passwd",
    "C:/Windows/x",
    ".git/hooks/pre-commit",
    "docs/../../x",
    "node_modules/x/index.js",
    "a\\b",
    // By these names, Windows finds the same.
    ".git./config",
    "GIT~1/config",
    ".git::$INDEX_ALLOCATION/config",
    "docs./a.md",
    `docs/${"a".repeat(300)}`,
  ])("%s in the lock is refused", (path) => {
    const root = generated(OPTIONS);
    const lock = join(root, ".ray-platform", "lock.json");
    writeFileSync(lock, readFileSync(lock, "utf8").replace('"docs/a.md"', JSON.stringify(path)));
    // A message holds as much of a path as can be read.
    const shown = JSON.stringify(path).slice(0, 200);
    expect(() => generate(root, OPTIONS)).toThrow(`it names ${shown}`);
  });

  test("a directory that is a link is never written through", () => {
    const root = generated({});
    const outside = temporaryDirectory();
    symlinkSync(outside, join(root, "docs"));
    generate(root, OPTIONS);
    expect(() => readFileSync(join(outside, "a.md"))).toThrow("ENOENT");
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
  });

  test("an orphan behind a link is not deleted", () => {
    const root = generated(OPTIONS);
    const outside = temporaryDirectory();
    writeFileSync(join(outside, "a.md"), "one\n");
    rmSync(join(root, "docs"), { recursive: true });
    symlinkSync(outside, join(root, "docs"));
    generate(root, {});
    expect(readFileSync(join(outside, "a.md"), "utf8")).toBe("one\n");
  });

  test("a journal cannot write outside either, not even one of this machine", () => {
    const root = generated(OPTIONS);
    const operations = [{ type: "delete", path: "../../victim", before: "any" }];
    leaveJournal(root, { operations, generator: "1.0.0", entries: {} });
    expect(() => generate(root, OPTIONS)).toThrow('refusing "../../victim"');
  });
});

describe("the lock", () => {
  const OPTIONS: MiniOptions = { managed: { "docs/a.md": "one\n" }, seeded: { "README.md": "readme\n" } };

  test("has one sorted line for each file", () => {
    const lines = read(generated(OPTIONS), ".ray-platform/lock.json")
      .split("\n")
      .filter((line) => line.includes("sha256"));
    const paths = lines.map((line) => /^ {4}"([^"]+)": \{"class":"(?:managed|seeded)",/.exec(line)?.[1]);
    expect(paths).toEqual([...paths].sort());
    expect(paths).toContain("docs/a.md");
  });

  test("with conflict markers of git still tells what is ours", () => {
    const root = generated(OPTIONS);
    const ours = read(root, ".ray-platform/lock.json");
    const changed: MiniOptions = { ...OPTIONS, managed: { "docs/a.md": "two\n" } };
    generate(root, changed);
    const theirs = read(root, ".ray-platform/lock.json");
    writeFileSync(join(root, ".ray-platform/lock.json"), `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> branch\n`);
    overwrite(root, "docs/a.md", "one\n");
    expect(fileOf(previewOf(root, { ...OPTIONS, managed: { "docs/a.md": "three\n" } }), "docs/a.md")?.state).toBe(
      "updated",
    );
  });

  test("that is lost costs nothing: what differs is saved", () => {
    const root = generated(OPTIONS);
    rmSync(join(root, ".ray-platform", "lock.json"));
    overwrite(root, "docs/a.md", "mine\n");
    generate(root, OPTIONS);
    expect(read(root, ".ray-platform/rejected/docs/a.md.1.patch")).toContain("+mine");
    expect(previewOf(root, OPTIONS).files.every(({ state }) => state === "unchanged")).toBe(true);
  });

  test("that is damaged stops the run and says what to do", () => {
    const root = generated(OPTIONS);
    writeFileSync(join(root, ".ray-platform/lock.json"), "{");
    expect(() => generate(root, OPTIONS)).toThrow("git checkout -- .ray-platform/lock.json");
  });

  test("does not change when nothing does", () => {
    const root = generated(OPTIONS);
    const before = statSync(join(root, ".ray-platform/lock.json"));
    generate(root, OPTIONS);
    expect(statSync(join(root, ".ray-platform/lock.json")).mtimeMs).toBe(before.mtimeMs);
  });
});
