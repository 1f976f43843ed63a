// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recover } from "../../../src/sync/store/journal";
import { temporaryDirectory } from "../mini-project";

const WHOLE = { format: 1, operations: [], generator: "1.0.0", entries: {} };

test.each([
  ["it is not JSON", "{", "is damaged; delete it and run again"],
  ["it is no object", "null", "is damaged; delete it and run again"],
  ["it lacks its entries", JSON.stringify({ ...WHOLE, entries: undefined }), "is damaged; delete it and run again"],
  [
    "an entry of it is not valid",
    JSON.stringify({ ...WHOLE, entries: { a: {} } }),
    "is damaged; delete it and run again",
  ],
  ["another version wrote it", JSON.stringify({ ...WHOLE, format: 2 }), "was written by another version"],
])("a journal is named, and not the lock, where %s", (_, text, problem) => {
  const root = temporaryDirectory();
  mkdirSync(join(root, ".ray-platform", "journal"), { recursive: true });
  writeFileSync(join(root, ".ray-platform", "journal", "journal.json"), text);
  expect(() => recover(root)).toThrow(/^\.ray-platform\/journal/);
  expect(() => recover(root)).toThrow(problem);
});
