// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isThere } from "../../file-presence";
import { ExplainedError } from "../../explained-error";
import { git } from "../comparison/git";
import { inspect } from "../comparison/inspect";
import { BlockText } from "../files/block-text";
import { sha256 } from "../files/content-hash";
import { readDiskFile } from "../files/disk-file";
import type { RenderedFile } from "../files/rendered-file";
import { BASE_DIRECTORY } from "../store/base-store";
import { bookkeepingFiles } from "../store/bookkeeping-files";
import { commit } from "../store/journal";
import { LOCK_PATH, type LockEntry, readLock } from "../store/lock-file";
import type { Operation } from "../store/operation";
import { withRunLock } from "../store/run-lock";
import { ejectedText } from "./ejected-text";
import { projenrcOf } from "./projenrc-files";

/** What projen itself needs, and nobody else. */
const PROJENS_OWN = /^\.projen\/|^scripts\/run-task\.cjs$/;

/** Hashes of what was generated, by path, in a repository that has left generation. */
const GENERATED_PATH = ".ray-platform/generated.json";

/**
 * Leaves a repository to its owner: every file becomes theirs, writable and without markers, commands are npm's, and what
 * records the generation goes.
 *
 * @param rendered the project as it is rendered while it ejects
 * @returns what to tell the user
 * @throws ExplainedError if the generated files are not as they were generated; nothing is changed then
 */
export function eject(root: string, rendered: ReadonlyMap<string, RenderedFile>): string[] {
  return withRunLock(root, () => {
    refuseUnfinished(root);
    const { lock } = readLock(root);
    const files = new Map([...rendered].filter(([path]) => !PROJENS_OWN.test(path)));
    const left = bookkeepingFiles().map(({ path }) => path);
    const operations = [
      ...[...lock.files].flatMap(([path, entry]) => (files.has(path) ? [] : removal(root, path, entry))),
      ...[...files.values()].flatMap((file) => (left.includes(file.path) ? [] : change(root, file, lock.files))),
    ];
    const skipped = commit(root, { operations, lock: { ...lock, files: new Map() } });
    if (skipped.length > 0) {
      throw new ExplainedError(`${skipped.join(", ")} changed meanwhile; run "npx projen eject" again`);
    }
    for (const { path, mode } of files.values()) {
      if (isThere(join(root, path))) {
        chmodSync(join(root, path), mode);
      }
    }
    for (const path of [LOCK_PATH, BASE_DIRECTORY, ".projen", ...left]) {
      rmSync(join(root, path), { recursive: true, force: true });
    }
    recordGenerated(root, [...files.values()]);
    return ["every file is yours now, and ray-platform stays as the tool that evaluates the policies", ...retire(root)];
  });
}

/** An edit would be undone by what is written, and nobody could tell later what it was. */
function refuseUnfinished(root: string): void {
  const { generator, files } = inspect(root);
  if (generator === undefined) {
    throw new ExplainedError('nothing was generated here yet: run "npx projen" first');
  }
  const edited = files.filter(
    ({ class: owner, disk }) => !["same", "foreign"].includes(disk) && owner !== "seeded" && owner !== "released",
  );
  if (edited.length > 0) {
    throw new ExplainedError(
      `nothing was changed: ${edited.map(({ path, disk }) => `${path} (${disk})`).join(", ")} ` +
        `${edited.length === 1 ? "is" : "are"} not as generated; run "npx projen", or release what you want to keep, and eject again`,
    );
  }
}

function removal(root: string, path: string, entry: LockEntry): Operation[] {
  const disk = readDiskFile(root, path, new Set());
  if (disk.kind !== "file" || entry.class === "released" || entry.class === "seeded") {
    return [];
  }
  const before = sha256(disk.content);
  return entry.class === "block"
    ? [{ type: "write", path, content: new BlockText(path).remove(disk.content), mode: disk.mode, before }]
    : [{ type: "delete", path, before }];
}

function change(root: string, file: RenderedFile, lock: ReadonlyMap<string, LockEntry>): Operation[] {
  const { path, mode } = file;
  const disk = readDiskFile(root, path, new Set());
  if (disk.kind !== "file") {
    // What the user deleted, or put something else in the place of, stays so; what is new is written.
    const isNew = disk.kind === "absent" && !lock.has(path);
    return isNew ? [{ type: "write", path, content: wholeText(file), mode, before: "absent" }] : [];
  }
  const content = contentOf(file, disk.content, lock.get(path));
  return content.equals(disk.content)
    ? []
    : [{ type: "write", path, content, mode: disk.mode | 0o200, before: sha256(disk.content) }];
}

/** Ours where the file is ours; where it is the user's, their text with other commands. */
function contentOf(file: RenderedFile, disk: Buffer, entry: LockEntry | undefined): Buffer {
  if (file.ownership === "managed" || (file.ownership === "seeded" && entry?.sha256 === sha256(disk))) {
    return wholeText(file);
  }
  const rewritten = (text: string) => Buffer.from(ejectedText(file.path, text), "utf8");
  if (file.ownership !== "block") {
    return disk.includes("projen") ? rewritten(disk.toString("utf8")) : disk;
  }
  const search = new BlockText(file.path).find(disk);
  if (search.kind !== "found") {
    return disk;
  }
  const text = disk.toString("latin1");
  const whole = `${text.slice(0, search.start)}${wholeText(file).toString("latin1")}${text.slice(search.end).replace(/^\r?\n/, "")}`;
  return rewritten(Buffer.from(whole, "latin1").toString("utf8"));
}

function wholeText({ path, content }: RenderedFile): Buffer {
  const text = content.toString("utf8");
  return Buffer.from(text).equals(content) ? Buffer.from(ejectedText(path, text)) : content;
}

/**
 * Leaves word of which bytes were generated: gates that ask who wrote a file, such as that of suppressions, then know it
 * until somebody edits the file.
 */
function recordGenerated(root: string, files: readonly RenderedFile[]): void {
  const hashes = files.flatMap(({ path, ownership }) => {
    const disk = ownership === "managed" ? readDiskFile(root, path, new Set()) : undefined;
    return disk?.kind === "file" ? [[path, sha256(disk.content)]] : [];
  });
  writeFileSync(join(root, GENERATED_PATH), `${JSON.stringify(Object.fromEntries(hashes.sort()), null, 2)}\n`);
}

/** The options go where git has them; where it has not, they stay as a backup. */
function retire(root: string): string[] {
  const name = projenrcOf(root);
  if (name === undefined) {
    return [];
  }
  const committed = git(root, ["diff", "--quiet", "HEAD", "--", name]).code === 0 && isTracked(root, name);
  if (committed) {
    rmSync(join(root, name));
    return [`${name} is gone; git has it`];
  }
  let backup = `${name}.bak`;
  for (let number = 1; isThere(join(root, backup)); number++) {
    backup = `${name}.${number}.bak`; // An earlier backup stays.
  }
  renameSync(join(root, name), join(root, backup));
  return [`${name} was not committed, and stays as ${backup}`];
}

function isTracked(root: string, name: string): boolean {
  return git(root, ["ls-files", "--error-unmatch", "--", name]).code === 0;
}
