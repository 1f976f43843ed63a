// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { leftOver, recover } from "../../../src/sync/store/journal";
import { temporaryDirectory } from "../mini-project";
import { leaveJournal } from "../sealed";

const CONTENT = "from the journal\n";
const WRITE = {
  type: "write",
  path: "docs/a.md",
  file: "0",
  sha256: createHash("sha256").update(CONTENT).digest("hex"),
  mode: 0o644,
  before: "absent",
};
const WHOLE = { operations: [], generator: "1.0.0", entries: {} };

let root: string;
let directory: string;
beforeEach(() => {
  root = temporaryDirectory();
  directory = join(root, ".ray-platform", "journal");
});

describe("a journal is named, and not the lock, where", () => {
  const raw = (text: string) => () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "journal.json"), text);
  };
  test.each([
    ["it is not JSON", raw("{"), "is damaged; delete it and run again"],
    ["it is no object", raw("null"), "is damaged; delete it and run again"],
    ["it holds no journal", raw(JSON.stringify({ format: 2 })), "is damaged; delete it and run again"],
    ["it lacks its entries", () => leaveJournal(root, { ...WHOLE, entries: undefined }), "is damaged"],
    ["an entry of it is not valid", () => leaveJournal(root, { ...WHOLE, entries: { a: {} } }), "is damaged"],
    ["another version wrote it", raw(JSON.stringify({ ...WHOLE, format: 1 })), "was written by another version"],
  ])("%s", (_, leave, problem) => {
    leave();
    expect(() => recover(root)).toThrow(/^\.ray-platform\/journal/);
    expect(() => recover(root)).toThrow(problem);
  });
});

test("what a recovery does is listed", () => {
  leaveJournal(root, { ...WHOLE, operations: [WRITE] }, { "0": CONTENT });
  expect(leftOver(root)).toEqual({ kind: "unfinished" });
  expect(recover(root)).toEqual({ done: ["wrote  docs/a.md"], skipped: [] });
  expect(readFileSync(join(root, "docs/a.md"), "utf8")).toBe(CONTENT);
});

test("a mode that gives the rights of the owner away is masked", () => {
  leaveJournal(root, { ...WHOLE, operations: [{ ...WRITE, mode: 0o104755 }] }, { "0": CONTENT });
  recover(root);
  expect(statSync(join(root, "docs/a.md")).mode & 0o7777).toBe(0o755);
});

describe("nothing of a journal is carried out that", () => {
  const legitimate = (at = root) => leaveJournal(at, { ...WHOLE, operations: [WRITE] }, { "0": CONTENT });
  const NOT_YOURS = "was not left by a run of yours";

  test.each<[string, () => void, string]>([
    [
      "has no seal",
      () => {
        legitimate();
        const file = join(directory, "journal.json");
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), seal: "" }));
      },
      NOT_YOURS,
    ],
    [
      "was changed after it was sealed",
      () => {
        legitimate();
        const file = join(directory, "journal.json");
        writeFileSync(file, readFileSync(file, "utf8").replace("docs/a.md", "docs/b.md"));
      },
      NOT_YOURS,
    ],
    [
      "is of another project",
      () => {
        const other = temporaryDirectory();
        legitimate(other);
        cpSync(join(other, ".ray-platform"), join(root, ".ray-platform"), { recursive: true });
      },
      NOT_YOURS,
    ],
    [
      "is of a run that was finished",
      () => {
        legitimate();
        const kept = temporaryDirectory();
        cpSync(directory, kept, { recursive: true });
        recover(root);
        rmSync(join(root, "docs"), { recursive: true });
        cpSync(kept, directory, { recursive: true });
      },
      NOT_YOURS,
    ],
    [
      "git tracks",
      () => {
        legitimate();
        execFileSync("git", ["init", "--quiet"], { cwd: root });
        execFileSync("git", ["add", "--force", "."], { cwd: root });
      },
      "came with a commit",
    ],
    [
      "is a link to one",
      () => {
        legitimate();
        cpSync(directory, join(root, "elsewhere"), { recursive: true });
        rmSync(directory, { recursive: true });
        symlinkSync(join(root, "elsewhere"), directory);
      },
      "it is a symbolic link",
    ],
  ])("%s", (_, leave, problem) => {
    leave();
    expect(leftOver(root)).toMatchObject({ kind: "refused", problem: expect.stringContaining(problem) });
    expect(() => recover(root)).toThrow(problem);
    expect(existsSync(join(root, "docs"))).toBe(false);
  });

  test.each([
    ["a symbolic link", symlinkSync],
    ["a hard link", linkSync],
  ])("has %s for content: the file that it leads to keeps its mode", (_, link) => {
    const victim = join(temporaryDirectory(), "victim");
    writeFileSync(victim, CONTENT);
    chmodSync(victim, 0o600);
    leaveJournal(root, { ...WHOLE, operations: [{ ...WRITE, mode: 0o4777 }] });
    link(victim, join(directory, "0"));
    expect(() => recover(root)).toThrow("is damaged");
    expect(statSync(victim).mode & 0o7777).toBe(0o600);
  });
});
