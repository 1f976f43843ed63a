// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../user-error.js";
import { core } from "../core.js";
import { isObject } from "../foreign-values.js";
import { gitDirectory, prefixOf } from "./git.js";

/**
 * What lay at a path: the hash of its bytes or of the link's target, and its permission bits.
 * @typedef {{ hash: string, mode: number, link?: string }} Entry
 * @typedef {Record<string, Entry>} Snapshot
 */

const SKIPPED = new Set([".git", "node_modules"]);

/** Every file below a directory, ignored ones included; installed packages are npm's. @param {string} root @returns {Snapshot} */
export function snapshot(root) {
  /** @type {Snapshot} */
  const entries = {};
  /** @param {string} directory */
  const walk = (directory) => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) {
        walk(path);
      } else if (entry.isSymbolicLink()) {
        const link = readlinkSync(join(root, path));
        entries[path] = { hash: hashOf(Buffer.from(link)), mode: 0, link };
      } else if (entry.isFile()) {
        entries[path] = {
          hash: hashOf(readFileSync(join(root, path))),
          mode: lstatSync(join(root, path)).mode & 0o777,
        };
      }
    }
  };
  walk("");
  return entries;
}

/** Keeps the bytes of a directory before an adoption, outside of the work tree. */
export class Backup {
  /**
   * @param {string} root
   * @param {Snapshot} before
   */
  static take(root, before) {
    const directory = placeOf(root);
    if (existsSync(join(directory, "adoption.json"))) {
      rmSync(directory, { recursive: true, force: true });
    }
    mkdirSync(join(directory, "files"), { recursive: true });
    for (const [path, { hash, link }] of Object.entries(before)) {
      const target = join(directory, "files", hash);
      if (link === undefined && !existsSync(target)) {
        writeFileSync(target, readFileSync(join(root, path)));
      }
    }
    const backup = new Backup(root, {
      before,
      after: undefined,
      hadPackages: existsSync(join(root, "node_modules")),
    });
    backup.save();
    return backup;
  }

  /** @param {string} root @returns {Backup} */
  static read(root) {
    const file = join(placeOf(root), "adoption.json");
    if (!existsSync(file)) {
      throw new UserError(`no adoption of ${root} is recorded, so there is nothing to undo`);
    }
    const record = core.readJson(file, core.readText(file));
    if (!isObject(record) || !isObject(record.before)) {
      throw new UserError(`${file} does not record an adoption; git has what was committed before it`);
    }
    return new Backup(root, /** @type {any} */ (record));
  }

  /** @param {string} root @param {{ before: Snapshot, after: Snapshot | undefined, hadPackages: boolean }} record */
  constructor(root, record) {
    this.root = root;
    this.record = record;
  }

  /** Records what the adoption made, so that later edits are told from it. */
  complete() {
    this.record.after = snapshot(this.root);
    const { before, after } = this.record;
    // What did not change needs no copy.
    const needed = new Set(
      Object.entries(before)
        .filter(([path, entry]) => !same(after[path], entry))
        .map(([, { hash }]) => hash),
    );
    for (const hash of readdirSync(join(placeOf(this.root), "files"))) {
      if (!needed.has(hash)) {
        rmSync(join(placeOf(this.root), "files", hash), { force: true });
      }
    }
    this.save();
  }

  save() {
    writeFileSync(join(placeOf(this.root), "adoption.json"), JSON.stringify(this.record));
  }

  /**
   * Puts every byte back.
   * @param {boolean} force also where the user edited a file since
   * @returns {{ restored: string[], removed: string[], packagesStay: boolean }}
   */
  undo(force) {
    const { root } = this;
    const { before } = this.record;
    const now = snapshot(root);
    const after = this.record.after ?? now;
    const edited = Object.keys({ ...now, ...after }).filter(
      (path) => !same(now[path], after[path]) && !same(now[path], before[path]),
    );
    const lost = edited.filter((path) => now[path] !== undefined && !isBuilt(path));
    if (lost.length > 0 && !force) {
      throw new UserError(
        `edited since the adoption, and undoing it would lose that: ${lost.slice(0, 10).join(", ")}\nMove your edits aside, or give --force.`,
      );
    }
    // What a build has left since would lie in a repository that no longer ignores it.
    const built = Object.fromEntries(Object.entries(now).filter(([path]) => isBuilt(path)));
    const changed = Object.keys({ ...before, ...after, ...built }).filter((path) => !same(now[path], before[path]));
    const restored = changed.filter((path) => before[path] !== undefined);
    const removed = changed.filter((path) => before[path] === undefined && now[path] !== undefined);
    for (const path of removed) {
      rmSync(join(root, path), { force: true });
    }
    for (const path of restored) {
      restore(root, path, before[path]);
    }
    for (const path of removed) {
      removeEmptied(root, dirname(path), before);
    }
    if (!this.record.hadPackages) {
      rmSync(join(root, "node_modules"), { recursive: true, force: true });
    }
    rmSync(placeOf(root), { recursive: true, force: true });
    return { restored, removed, packagesStay: this.record.hadPackages };
  }
}

/** @param {string} root */
function placeOf(root) {
  const folder = prefixOf(root).replace(/\/$/, "").replaceAll("/", "+");
  return join(gitDirectory(root), "ray-platform-adoption", folder === "" ? "root" : `folder-${folder}`);
}

/** @param {string} root @param {string} path @param {Entry} entry */
function restore(root, path, entry) {
  const target = join(root, path);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  if (entry.link !== undefined) {
    symlinkSync(entry.link, target);
    return;
  }
  writeFileSync(target, readFileSync(join(placeOf(root), "files", entry.hash)));
  chmodSync(target, entry.mode);
}

/** Directories that the adoption made. @param {string} root @param {string} directory @param {Snapshot} before */
function removeEmptied(root, directory, before) {
  if (directory === "." || Object.keys(before).some((path) => path.startsWith(`${directory}/`))) {
    return;
  }
  try {
    rmdirSync(join(root, directory));
  } catch {
    return; // Something is in it, or it is gone.
  }
  removeEmptied(root, dirname(directory), before);
}

/** What a build leaves; it can be made again. @param {string} path */
function isBuilt(path) {
  return /^(?:build|cdktf\.out)\//.test(path);
}

/** @param {Entry | undefined} a @param {Entry | undefined} b */
function same(a, b) {
  return a?.hash === b?.hash && a?.mode === b?.mode;
}

/** @param {Buffer} bytes */
function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
