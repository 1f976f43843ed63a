// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import fs, { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apply } from "../../../src/sync/run/apply";
import { formatLock, missingMigrations, parseLock } from "../../../src/sync/store/lock-file";
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
  return apply({ root, version, mode: "update", rendered: new Map([[SEEDED, file]]), first: [], migrations: [] });
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

describe("migrations", () => {
  const files = new Map();
  const steps = [
    { id: "first", version: "1.0.0" },
    { id: "second", version: "2.0.0" },
  ];

  test("that a lock lists are behind the repository, whatever its version", () => {
    const lock = parseLock(formatLock({ generator: "1.0.0", migrations: ["second"], files }));
    expect(missingMigrations(lock, steps).map(({ id }) => id)).toEqual(["first"]);
  });

  test("of a lock without a list are told by its version", () => {
    const lock = parseLock(formatLock({ generator: "1.0.0", migrations: undefined, files }));
    expect(missingMigrations(lock, steps).map(({ id }) => id)).toEqual(["second"]);
  });

  test("that only one side of a merge has behind it are missing", () => {
    const list = (ids: string[]) => formatLock({ generator: "2.0.0", migrations: ids, files }).split("\n");
    const [ours, theirs] = [list(["first", "second"]), list(["first"])];
    const conflict = ["<<<<<<< HEAD", ...ours.slice(3, 7), "=======", ...theirs.slice(3, 6), ">>>>>>> other"];
    const shared = ['  "migrations": [', '    "zeroth",'];
    const text = [...ours.slice(0, 3), ...shared, ...conflict, ...ours.slice(7)].join("\n");
    const known = [{ id: "zeroth", version: "0.5.0" }, ...steps];
    expect(missingMigrations(parseLock(text), known).map(({ id }) => id)).toEqual(["first", "second"]);
  });

  test.each(['"first"', '["First!"]', "[1]"])("%s is no list of them", (list) => {
    const text = `{ "format": 1, "generator": "1.0.0", "migrations": ${list}, "files": {} }`;
    expect(() => parseLock(text)).toThrow('"migrations" is not a list of names');
  });
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
