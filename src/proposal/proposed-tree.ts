// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readForeignFile } from "../foreign-file";
import { gitOutput, readGitObjects } from "../sync/comparison/git";

/** More than any update changes. */
const MOST_BYTES = 64 << 20;

/** A file of a tree of git's. */
export interface TreeFile {
  /** As git writes it: `100644`, `100755`, `120000` for a link, `160000` for a submodule. */
  readonly mode: string;
  /** Name of its content. */
  readonly object: string;
}

/** A path that two trees differ in; undefined on the side on which it does not exist. */
export interface TreeChange {
  readonly path: string;
  readonly before: TreeFile | undefined;
  readonly after: TreeFile | undefined;
}

/**
 * The tree that a patch makes of the current commit. Neither index nor working tree is touched, and what git refuses
 * in a patch - a path outside the repository, or in `.git` - is refused.
 * @returns its name
 * @throws ExplainedError for what is no patch of this commit
 */
export function treeOfPatch(root: string, patchFile: string): string {
  const patch = readForeignFile(patchFile, MOST_BYTES);
  return withIndex(root, "HEAD", (run) => {
    if (patch.length > 0) {
      run(["apply", "--cached", "--binary", "--whitespace=nowarn"], patch);
    }
    return run(["write-tree"]).toString("latin1").trim();
  });
}

/** The tree of everything in the working tree that git does not ignore. The index of the repository stays as it is. */
export function treeOfWorkingTree(root: string): string {
  return withIndex(root, "HEAD", (run) => {
    run(["add", "--all"]);
    return run(["write-tree"]).toString("latin1").trim();
  });
}

/** What leads from one tree to another, as `git apply` takes it. */
export function patchBetween(root: string, from: string, to: string): Buffer {
  const settings = ["--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"];
  return gitOutput(root, ["diff-tree", "-p", "-r", ...settings, from, to]);
}

/** The paths in which two trees differ. */
export function changesBetween(root: string, from: string, to: string): TreeChange[] {
  // Of each: ":MODE MODE OBJECT OBJECT STATUS", and the path.
  const fields = fieldsOf(gitOutput(root, ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to]));
  return Array.from({ length: fields.length / 2 }, (_, index): TreeChange => {
    const [modeBefore = "", modeAfter = "", before = "", after = ""] = (fields[index * 2] as string)
      .slice(1)
      .split(" ");
    const side = (mode: string, object: string) => (mode === "000000" ? undefined : { mode, object });
    return {
      path: fields[index * 2 + 1] as string,
      before: side(modeBefore, before),
      after: side(modeAfter, after),
    };
  });
}

/** The files of a tree, and their contents. */
export class TreeContents {
  private readonly files: ReadonlyMap<string, TreeFile>;
  private readonly contents = new Map<string, Buffer>();

  public constructor(
    private readonly root: string,
    tree: string,
  ) {
    const fields = fieldsOf(gitOutput(root, ["ls-tree", "-r", "-z", "--full-tree", tree]));
    this.files = new Map(
      fields.map((field) => {
        const tab = field.indexOf("\t");
        const [mode = "", , object = ""] = field.slice(0, tab).split(" ");
        return [field.slice(tab + 1), { mode, object }];
      }),
    );
  }

  public file(path: string): TreeFile | undefined {
    return this.files.get(path);
  }

  /** The paths of all files. */
  public get paths(): Iterable<string> {
    return this.files.keys();
  }

  /** The content of a file; undefined for what is none. */
  public read(path: string): Buffer | undefined {
    const file = this.files.get(path);
    if (file === undefined || !file.mode.startsWith("100")) {
      return undefined;
    }
    this.load([path]);
    return this.contents.get(file.object);
  }

  /** Reads many files with one start of git. */
  public load(paths: Iterable<string>): void {
    const wanted = [...paths]
      .map((path) => this.files.get(path))
      .flatMap((file) => (file?.mode.startsWith("100") && !this.contents.has(file.object) ? [file.object] : []));
    const objects = [...new Set(wanted)];
    if (objects.length > 0) {
      readGitObjects(this.root, objects).forEach((content, index) => {
        this.contents.set(objects[index] as string, content ?? Buffer.alloc(0));
      });
    }
  }
}

function withIndex<T>(root: string, start: string, work: (run: (args: string[], input?: Buffer) => Buffer) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-index-"));
  try {
    const variables = { GIT_INDEX_FILE: join(directory, "index") };
    const run = (args: string[], input?: Buffer) => gitOutput(root, args, input, variables);
    run(["read-tree", start]);
    return work(run);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function fieldsOf(output: Buffer): string[] {
  const fields = output.toString("utf8").split("\0");
  fields.pop();
  return fields;
}
