// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fs from "node:fs";
import type { RenderedFile } from "../../src/sync/files/rendered-file";

/** Every call that changes a file system, as our code makes it. */
export const MUTATIONS = [
  "openSync",
  "writeSync",
  "writeFileSync",
  "fsyncSync",
  "closeSync",
  "mkdirSync",
  "mkdtempSync",
  "renameSync",
  "chmodSync",
  "unlinkSync",
  "rmdirSync",
  "rmSync",
] as const;

/** A rendered file as it lies in JSON. */
export type StoredFile = Omit<RenderedFile, "content"> & { readonly content: string };

/** Writes a render, and is killed before the n-th change to the file system. Run as a process of its own. */
function main(root: string, renderFile: string, killAt: number): void {
  const { apply } = require("../../src/sync/run/apply") as typeof import("../../src/sync/run/apply");
  const stored = JSON.parse(fs.readFileSync(renderFile, "utf8")) as StoredFile[];
  const rendered = new Map(
    stored.map((file) => [file.path, { ...file, content: Buffer.from(file.content, "base64") }]),
  );
  let count = 0;
  for (const name of MUTATIONS) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    (fs as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
      count += 1;
      if (count === killAt) {
        process.kill(process.pid, "SIGKILL");
      }
      return original.apply(fs, args);
    };
  }
  apply({ root, version: "2.0.0", mode: "regenerate", rendered, first: [], migrations: [] });
  process.stdout.write(String(count));
}

if (require.main === module) {
  const [root, renderFile, killAt] = process.argv.slice(2);
  main(root as string, renderFile as string, Number(killAt));
}
