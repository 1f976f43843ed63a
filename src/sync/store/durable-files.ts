// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

export function makeDirectory(directory: string, touched: Set<string>): void {
  const first = mkdirSync(directory, { recursive: true });
  if (first !== undefined) {
    for (let made = directory; made.length >= first.length; made = dirname(made)) {
      touched.add(made);
    }
    touched.add(dirname(first));
  }
}

export function removeEmptyDirectories(root: string, directory: string): void {
  for (let current = directory; current !== "."; current = dirname(current)) {
    const absolute = join(root, current);
    if (!existsSync(absolute) || readdirSync(absolute).length > 0) {
      return;
    }
    rmdirSync(absolute);
  }
}

/** Renames, or copies where the target lies on another file system. */
export function renameInto(source: string, target: string): void {
  try {
    renameSync(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM" && process.platform === "win32") {
      chmodSync(target, 0o666); // Windows replaces no read-only file, and managed files are read-only.
      renameSync(source, target);
      return;
    }
    if (code !== "EXDEV") {
      throw error;
    }
    const near = `${target}.ray-platform-tmp`;
    const { mode } = lstatSync(source);
    rmSync(near, { force: true });
    writeFileSync(near, readFileSync(source), { flag: "wx" });
    chmodSync(near, mode & 0o777);
    renameSync(near, target);
    unlinkSync(source);
  }
}

export function writeDurably(path: string, content: Buffer): void {
  const descriptor = openSync(path, "w", 0o644);
  try {
    for (let written = 0; written < content.length; ) {
      written += writeSync(descriptor, content, written);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function syncDirectory(directory: string): void {
  // Windows cannot open directories; its file system keeps renames in order.
  if (process.platform !== "win32" && existsSync(directory)) {
    sync(directory, "r");
  }
}

export function sync(path: string, flags: "r" | "r+"): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
