// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { coloredDiff, showsColors } from "../../src/cli/diff-colors";

test("a diff has git's colors, line by line", () => {
  expect(coloredDiff("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n")).toBe(
    "\u001b[1m--- a/x\u001b[m\n\u001b[1m+++ b/x\u001b[m\n\u001b[36m@@ -1 +1 @@\u001b[m\n\u001b[31m-old\u001b[m\n\u001b[32m+new\u001b[m\n same\n",
  );
});

test.each([
  ["on a terminal", true, {}, true],
  ["in a pipe", false, {}, false],
  ["where NO_COLOR is set", true, { NO_COLOR: "1" }, false],
  ["on a dumb terminal", true, { TERM: "dumb" }, false],
])("%s colors are shown or not", (_, isTerminal, env, shown) => {
  expect(showsColors(isTerminal, env)).toBe(shown);
});
