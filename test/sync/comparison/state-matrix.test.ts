// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf, updateWith } from "../preview-of";

const PATH = "docs/file.txt";
const SHIPPED = "first\nsecond\nthird\nfourth\nfifth\n";
const SHIPPED_NEXT = "first\nsecond\nthird\nfourth\nfifth, changed by us\n";
const USERS_WORDS = "a line that only the user has\n";

const CLASSES = ["managed", "seeded", "block", "released"] as const;
const DISKS = ["same", "edited", "deleted", "directory", "link", "unreadable"] as const;
const UPSTREAMS = ["same", "changed", "removed", "added"] as const;

type Owner = (typeof CLASSES)[number];
type Disk = (typeof DISKS)[number];
type Upstream = (typeof UPSTREAMS)[number];

function options(owner: Owner, content: string | undefined): MiniOptions {
  if (content === undefined) {
    return {};
  }
  switch (owner) {
    case "managed":
      return { managed: { [PATH]: content } };
    case "seeded":
      return { seeded: { [PATH]: content } };
    case "block":
      return { blocks: { [PATH]: content } };
    case "released":
      return { managed: { [PATH]: content }, release: [PATH] };
  }
}

/** A project in the state that a row describes, and what the next version wants of it. */
function arrange(owner: Owner, disk: Disk, upstream: Upstream): { root: string; next: MiniOptions } {
  const root = temporaryDirectory();
  if (owner === "released") {
    generate(root, options("managed", SHIPPED));
  }
  generate(root, options(owner, upstream === "added" ? undefined : SHIPPED));
  change(join(root, PATH), disk, upstream === "added", owner);
  const content = { same: SHIPPED, changed: SHIPPED_NEXT, removed: undefined, added: SHIPPED }[upstream];
  return { root, next: options(owner, content) };
}

function change(file: string, disk: Disk, isNew: boolean, owner: Owner): void {
  mkdirSync(dirname(file), { recursive: true });
  const removed = () => rmSync(file, { force: true });
  if (disk === "same") {
    if (isNew) {
      removed(); // Of a file that was never generated, the same is that there is none.
    }
    return;
  }
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  removed();
  if (disk === "edited") {
    // In a block, the edit is inside.
    const inside = owner === "block" && !isNew;
    writeFileSync(file, inside ? before.replace("first\n", `${USERS_WORDS}first\n`) : USERS_WORDS + before);
  } else if (disk === "unreadable") {
    writeFileSync(file, USERS_WORDS);
  } else if (disk === "directory") {
    mkdirSync(file);
    writeFileSync(join(file, "inside.txt"), USERS_WORDS);
  } else if (disk === "link") {
    const elsewhere = join(temporaryDirectory(), "elsewhere.txt");
    writeFileSync(elsewhere, USERS_WORDS);
    symlinkSync(elsewhere, file);
  }
}

/** Tests may run as root, who can read everything: the file refuses to be read as it would for anyone else. */
function refuseReading(path: string): void {
  const read = fs.readFileSync.bind(fs);
  const { ino } = lstatSync(path);
  jest.spyOn(fs, "readFileSync").mockImplementation(((file: string, ...rest: never[]) => {
    if (file === path && lstatSync(path).ino === ino) {
      throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: "EACCES" });
    }
    return read(file, ...rest);
  }) as typeof fs.readFileSync);
}

/** Whether the user's words lie anywhere below the project, or where a link of theirs leads. */
function holdsUsersWords(directory: string): boolean {
  return readdirSync(directory).some((entry) => {
    const path = join(directory, entry);
    if (lstatSync(path).isSymbolicLink()) {
      return readFileSync(path, "utf8").includes(USERS_WORDS);
    }
    return lstatSync(path).isDirectory()
      ? holdsUsersWords(path)
      : readFileSync(path, "utf8").includes(USERS_WORDS.trim());
  });
}

/**
 * State and action of every cell, in the order of DISKS. For `added` the path was never generated: the disk columns then
 * say what lies there instead.
 */
const EXPECTED: Readonly<Record<Owner, Readonly<Record<Upstream, readonly string[]>>>> = {
  managed: {
    same: ["unchanged none", "edited save-and-write", "deleted write", ...same3("obstructed move-and-write")],
    changed: ["updated write", "conflict save-and-write", "deleted write", ...same3("obstructed move-and-write")],
    removed: ["orphan delete", "orphan-edited keep", "orphan none", ...same3("orphan-edited keep")],
    added: ["added write", "conflict save-and-write", "added write", ...same3("obstructed move-and-write")],
  },
  seeded: {
    same: ["unchanged none", "unchanged none", "deleted none", ...same3("obstructed none")],
    changed: ["updated keep", "merge keep", "deleted none", ...same3("obstructed none")],
    removed: ["orphan keep", "orphan keep", "orphan none", ...same3("orphan-edited keep")],
    added: ["added write", "unchanged none", "added write", ...same3("obstructed none")],
  },
  block: {
    same: ["unchanged none", "edited save-and-write", "deleted write", ...same3("obstructed keep")],
    changed: ["updated write", "conflict save-and-write", "deleted write", ...same3("obstructed keep")],
    removed: ["orphan write", "orphan-edited keep", "orphan none", ...same3("orphan-edited keep")],
    added: ["added write", "added write", "added write", ...same3("obstructed keep")],
  },
  released: {
    same: Array(6).fill("released none"),
    changed: Array(6).fill("released none"),
    removed: Array(6).fill("orphan none"),
    added: Array(6).fill("released none"),
  },
};

function same3(cell: string): string[] {
  return [cell, cell, cell];
}

/** What lies at the path after a regeneration, for the classes whose content is ours. */
function expectOurs(owner: Owner, upstream: Upstream, file: string): void {
  const content = upstream === "changed" ? SHIPPED_NEXT : SHIPPED;
  if (owner === "managed") {
    expect(readFileSync(file, "utf8")).toBe(content);
  } else {
    expect(readFileSync(file, "utf8")).toContain(content);
  }
}

describe.each(CLASSES)("%s", (owner) => {
  describe.each(UPSTREAMS)("upstream %s", (upstream) => {
    test.each(DISKS)("disk %s", (disk) => {
      const { root, next } = arrange(owner, disk, upstream);
      if (disk === "unreadable") {
        refuseReading(join(root, PATH));
      }
      try {
        const file = fileOf(previewOf(root, next), PATH);
        expect(`${file?.state} ${file?.action}`).toBe(EXPECTED[owner][upstream][DISKS.indexOf(disk)]);

        generate(root, next);
        const after = fileOf(previewOf(root, next), PATH);
        const settled = ["none", "keep", undefined];
        expect(settled).toContain(after?.action);
      } finally {
        jest.restoreAllMocks();
        process.exitCode = 0;
      }
      if (disk !== "same" && disk !== "deleted") {
        expect(holdsUsersWords(root)).toBe(true);
      }
      const written = ["write", "save-and-write", "move-and-write"].some((action) =>
        EXPECTED[owner][upstream][DISKS.indexOf(disk)]?.endsWith(` ${action}`),
      );
      if (written && upstream !== "removed") {
        expectOurs(owner, upstream, join(root, PATH));
      }
    });
  });
});

describe("update of a seeded file that we changed", () => {
  test.each([
    ["same", "updated write"],
    ["edited", "merge merge"],
    ["deleted", "deleted none"],
    ["directory", "obstructed none"],
    ["link", "obstructed none"],
  ] as const)("disk %s: %s", (disk, expected) => {
    const { root, next } = arrange("seeded", disk, "changed");
    const file = fileOf(updateWith(root, next), PATH);
    expect(`${file?.state} ${file?.action}`).toBe(expected);
    if (disk === "edited") {
      expect(readFileSync(join(root, PATH), "utf8")).toBe(USERS_WORDS + SHIPPED_NEXT);
    }
    if (disk === "deleted") {
      expect(existsSync(join(root, PATH))).toBe(false);
    }
  });
});
