// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "../../src/migrations/migrate";
import { generate, temporaryDirectory } from "../sync/mini-project";
import { updateWith } from "../sync/preview-of";

test("a file that the user deleted is not written again where a migration moves it", () => {
  const root = temporaryDirectory();
  generate(root, { seeded: { "policies/README.md": "alpha\n" } });
  rmSync(join(root, "policies/README.md"));
  migrate(root, [
    {
      id: "moves",
      version: "2.0.0",
      description: "",
      apply: (context) => context.moveFile("policies/README.md", "policies/HOWTO.md"),
    },
  ]);
  updateWith(root, { seeded: { "policies/HOWTO.md": "alpha\n" } });
  expect(existsSync(join(root, "policies/HOWTO.md"))).toBe(false);
});
