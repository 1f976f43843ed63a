// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { commentLine, commentSyntax } from "../src/comment-syntax";

test.each([
  ["a.ts", "// x"],
  ["docs/A.MD", "<!-- x -->"],
  ["a.css", "/* x */"],
  ["policies/a.rego", "# x"],
  [".gitignore", "# x"],
  [".github/CODEOWNERS", "# x"],
  [".tool.conf", "# x"],
])("a comment in %s is %s", (path, comment) => {
  expect(commentLine(commentSyntax(path)!, "x")).toBe(comment);
});

test.each(["a.json", "a.png", "a.unknown"])("%s has no comments that we know", (path) => {
  expect(commentSyntax(path)).toBeUndefined();
});
