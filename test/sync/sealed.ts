// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeSecret, type Purpose, sealOf } from "../../src/sync/store/outside-secret";

/** The seal of a run on this machine. */
export function freshSeal(root: string, purpose: Purpose, text: Buffer | string): string {
  return sealOf(makeSecret(root, purpose) as Buffer, root, purpose, text);
}

/** Leaves a journal as an interrupted run does. */
export function leaveJournal(root: string, journal: unknown, files: Readonly<Record<string, string>> = {}): void {
  const directory = join(root, ".ray-platform", "journal");
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
  }
  const text = JSON.stringify(journal);
  const sealed = { format: 2, seal: freshSeal(root, "journal", text), journal: text };
  writeFileSync(join(directory, "journal.json"), JSON.stringify(sealed));
}
