// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordConflicts } from "../../../src/sync/run/conflict-index";
import { temporaryDirectory } from "../mini-project";

const CONFLICT = {
  path: "a",
  base: Buffer.from("1"),
  users: Buffer.from("2"),
  ours: Buffer.from("3"),
  executable: false,
};

test("outside of a repository there is nothing to record, and nothing to say", () => {
  expect(recordConflicts(temporaryDirectory(), [CONFLICT])).toBeUndefined();
});

test("a repository that git refuses to read is not taken for none", () => {
  const root = temporaryDirectory();
  execFileSync("git", ["init", "-q"], { cwd: root });
  writeFileSync(join(root, ".git", "config"), "no configuration\n");
  expect(recordConflicts(root, [CONFLICT])).toMatch(/could not be recorded in git's index: .*config/);
});

test("git that is not there is not taken for no repository", () => {
  const path = process.env.PATH;
  process.env.PATH = "";
  try {
    expect(recordConflicts(temporaryDirectory(), [CONFLICT])).toMatch(/could not be recorded .*ENOENT/);
  } finally {
    process.env.PATH = path;
  }
});
