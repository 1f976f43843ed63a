// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import fs, { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apply } from "../../../src/sync/run/apply";
import { parseLock } from "../../../src/sync/store/lock-file";
import type { RenderedFile } from "../../../src/sync/files/rendered-file";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf, updateWith } from "../preview-of";

const LOCK = ".ray-platform/lock.json";
const LINES = ["one", "two", "three", "four", "five"];
const SEEDED = "src/extensions.ts";

function seeded(content: string): MiniOptions {
  return { seeded: { [SEEDED]: content } };
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function write(root: string, path: string, content: string): void {
  writeFileSync(join(root, path), content);
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Regenerates as a version does, with updates of seeded files. */
function updateTo(root: string, version: string, content: string): ReturnType<typeof apply> {
  const file: RenderedFile = {
    path: SEEDED,
    ownership: "seeded",
    component: "Seeded",
    content: Buffer.from(content),
    mode: 0o644,
    position: "end",
    initial: "",
  };
  return apply({ root, version, mode: "update", rendered: new Map([[SEEDED, file]]), first: [] });
}

describe("a lock that cannot be read stops everything and says so:", () => {
  test.each<[string, (root: string) => void]>([
    ["a directory", (root) => mkdirSync(join(root, LOCK))],
    ["a link", (root) => symlinkSync("elsewhere.json", join(root, LOCK))],
    [
      "a file where its directory is to be",
      (root) => {
        rmSync(join(root, ".ray-platform"), { recursive: true });
        write(root, ".ray-platform", "");
      },
    ],
  ])("%s", (_, obstruct) => {
    const root = temporaryDirectory();
    generate(root, seeded("one\n"));
    rmSync(join(root, LOCK));
    obstruct(root);
    expect(() => previewOf(root, seeded("one\n"))).toThrow(expect.objectContaining({ name: "LockError" }));
    expect(() => generate(root, seeded("one\n"))).toThrow(expect.objectContaining({ name: "LockError" }));
  });
});

test("a lock that git checked out with other line ends is up to date", () => {
  const root = temporaryDirectory();
  generate(root, seeded("one\n"));
  write(root, LOCK, read(root, LOCK).replace(/\n/g, "\r\n"));
  expect(previewOf(root, seeded("one\n")).notes).toEqual([]);
});

test.each(["generator", "component", "version"])("a lock whose %s could forge a line of a log is refused", (field) => {
  const root = temporaryDirectory();
  generate(root, seeded("one\n"));
  expect(() => parseLock(read(root, LOCK).replace(new RegExp(`"${field}": ?"`), `"${field}":"\\n::error::`))).toThrow(
    LOCK,
  );
});

test("a lock that forges a block in a file without comments is refused", () => {
  const root = temporaryDirectory();
  generate(root, { managed: { "package.json": "{}\n" } });
  expect(() => parseLock(read(root, LOCK).replace(/("package.json": \{"class":)"managed"/, '$1"block"'))).toThrow(
    'its entry for "package.json" is not valid',
  );
});

describe("two branches, of which one moved to a newer version,", () => {
  const FIRST = text(LINES);
  const SECOND = text([...LINES.slice(0, 4), "five, by 2.0.0"]);
  const THIRD = text(["one, by 3.0.0", ...LINES.slice(1, 4), "five, by 2.0.0"]);

  function git(root: string, ...args: string[]): number {
    try {
      execFileSync("git", ["-c", "user.name=u", "-c", "user.email=u@example.com", ...args], {
        cwd: root,
        stdio: "pipe",
      });
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  }

  /** Both branches changed what the lock says; the one is merged into the other, and git leaves its conflict in the lock. */
  function merged(into: "newer" | "older"): string {
    const root = temporaryDirectory();
    updateTo(root, "1.0.0", FIRST);
    git(root, "init", "--quiet", "--initial-branch=older");
    git(root, "add", "--all");
    git(root, "commit", "--quiet", "--message", "1.0.0");
    git(root, "switch", "--quiet", "--create", "newer");
    updateTo(root, "2.0.0", SECOND);
    git(root, "add", "--all");
    git(root, "commit", "--quiet", "--message", "2.0.0");
    git(root, "switch", "--quiet", "older");
    write(
      root,
      LOCK,
      read(root, LOCK).replace('"generator": "1.0.0"', '"generator": "1.0.1"').replace('"Seeded"', '"Renamed"'),
    );
    git(root, "commit", "--quiet", "--all", "--message", "1.0.1");
    git(root, "switch", "--quiet", into);
    expect(git(root, "merge", "--quiet", into === "newer" ? "older" : "newer")).toBe(1);
    expect(read(root, LOCK)).toContain("<<<<<<<");
    expect(read(root, SEEDED)).toBe(SECOND);
    return root;
  }

  test.each(["newer", "older"] as const)("merged into the %s one: the base of the next merge is there", (into) => {
    const root = merged(into);
    write(root, SEEDED, SECOND.replace("three", "three, by the user"));
    expect(updateTo(root, "2.0.0", SECOND).decisions).toMatchObject([{ state: "unchanged" }]);
    expect(updateTo(root, "3.0.0", THIRD).decisions).toMatchObject([{ state: "merge", action: "merge" }]);
    expect(read(root, SEEDED)).toBe(THIRD.replace("three", "three, by the user"));
  });

  test.each(["newer", "older"] as const)(
    "merged into the %s one: migrations of the older one are not forgotten",
    (into) => {
      expect(parseLock(read(merged(into), LOCK)).generator).toBe("1.0.1");
    },
  );
});

test("an older version says so where it undoes what a newer one generated", () => {
  const root = temporaryDirectory();
  updateTo(root, "10.0.0", "one\n");
  expect(updateTo(root, "9.0.0", "two\n").problems).toEqual([
    expect.stringMatching(/^a newer ray-platform, 10\.0\.0, .*"npm ci"/),
  ]);
  expect(updateTo(root, "9.0.0", "two\n").problems).toEqual([]);
  updateTo(root, "10.0.0", "one\n");
  expect(previewOf(root, seeded("two\n")).notes.join()).toContain("a newer ray-platform, 10.0.0,");
});

test("a seeded file that changed during the run keeps the base of its next merge", () => {
  const root = temporaryDirectory();
  const next = text([...LINES.slice(0, 4), "five, by us"]);
  generate(root, seeded(text(LINES)));
  const rename = fs.renameSync.bind(fs);
  jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    rename(from, to);
    if (String(to).endsWith("journal.json")) {
      write(root, SEEDED, text(["one, by the user", ...LINES.slice(1)]));
    }
  });
  const interrupted = updateWith(root, seeded(next));
  jest.restoreAllMocks();
  expect(interrupted.notes.join()).toContain(`left alone  ${SEEDED}`);
  expect(fileOf(interrupted, SEEDED)).toBeUndefined();
  expect(fileOf(updateWith(root, seeded(next)), SEEDED)).toMatchObject({ state: "merge" });
  expect(read(root, SEEDED)).toBe(text(["one, by the user", ...LINES.slice(1, 4), "five, by us"]));
});
