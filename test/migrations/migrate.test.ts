// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "../../src/migrations/migrate";
import type { Migration } from "../../src/migrations/migration";
import { generate, temporaryDirectory } from "../sync/mini-project";
import { updateWith } from "../sync/preview-of";
import { refuse } from "../sync/refused";

const MOVE: Migration = {
  id: "moves",
  version: "2.0.0",
  description: "",
  apply: (context) => context.moveFile("policies/README.md", "policies/HOWTO.md"),
};

test("a file that the user deleted is not written again where a migration moves it", () => {
  const root = temporaryDirectory();
  generate(root, { seeded: { "policies/README.md": "alpha\n" } });
  rmSync(join(root, "policies/README.md"));
  migrate(root, [MOVE]);
  updateWith(root, { seeded: { "policies/HOWTO.md": "alpha\n" } });
  expect(existsSync(join(root, "policies/HOWTO.md"))).toBe(false);
});

describe("a file that cannot be moved stays, and the reason is the right one", () => {
  const FROM = "policies/README.md";
  const TO = "policies/HOWTO.md";
  afterEach(() => jest.restoreAllMocks());

  test.each<[string, (root: string) => void, string]>([
    ["a file lies in its new place", (root) => writeFileSync(join(root, TO), ""), "but a file is there"],
    ["a directory lies in its new place", (root) => mkdirSync(join(root, TO)), "but a directory is there"],
    ["it cannot be read", (root) => refuse("readFileSync", join(root, FROM)), "but an unreadable file is there"],
    [
      "a directory lies in its old place",
      (root) => {
        rmSync(join(root, FROM));
        mkdirSync(join(root, FROM));
      },
      "but a directory is there",
    ],
  ])("%s", (_, obstruct, reason) => {
    const root = temporaryDirectory();
    generate(root, { seeded: { [FROM]: "alpha\n" } });
    obstruct(root);
    expect(migrate(root, [MOVE]).notes).toEqual([expect.stringContaining(reason)]);
    expect(existsSync(join(root, FROM))).toBe(true);
  });
});
