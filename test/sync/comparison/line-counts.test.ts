// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lineCounts } from "../../../src/sync/comparison/unified-diff";

const pair = (path: string, before: string | undefined, after: string | undefined) => ({
  path,
  before: before === undefined ? undefined : Buffer.from(before),
  after: after === undefined ? undefined : Buffer.from(after),
});

test.each([
  ["a changed file", pair("docs/a.md", "1\n2\n", "1\n3\n4\n"), { added: 2, removed: 1 }],
  ["a new file", pair("a", undefined, "1\n"), { added: 1, removed: 0 }],
  ["a deleted file", pair("a", "1\n2\n", undefined), { added: 0, removed: 2 }],
  [
    "lines that look like a diff's",
    pair("a", "--- a\n+++ b\n@@ -1 +1 @@\n", "diff --git a/a b/a\n"),
    { added: 1, removed: 3 },
  ],
  ["a path with quotes, tabs and other alphabets", pair('ein "ä" b/\t.md', "1\n", "2\n"), { added: 1, removed: 1 }],
  ["a binary file", pair("a.png", "\0", "\0\0"), { added: undefined, removed: undefined }],
])("git counts the lines of %s", (_, file, counts) => {
  expect(lineCounts([file])).toEqual([{ path: file.path, ...counts }]);
});

test("a file that stays the same is left out", () => {
  expect(lineCounts([pair("a", "1\n", "1\n"), pair("b", "1\n", "2\n")])).toEqual([{ path: "b", added: 1, removed: 1 }]);
});
