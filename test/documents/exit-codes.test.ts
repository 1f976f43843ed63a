// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

const DIRECTORIES = ["docs", "templates/docs", "templates/root"];
const documents = DIRECTORIES.flatMap((directory) =>
  readdirSync(join(PACKAGE_ROOT, directory), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(directory, name)),
);

test.each(["README.md", ...documents])("%s promises no exit code above 1 of a projen task, which has none", (path) => {
  const lines = readFileSync(join(PACKAGE_ROOT, path), "utf8").split("\n");
  expect(lines.filter((line) => /npx projen (?:check|policy|diff|upgrade)\b.*#.*\b[234] [a-z]/.test(line))).toEqual([]);
});
