// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveOptions } from "../../src/config/resolve-options";
import type { Migration } from "../../src/migrations/migration";
import { renamedOptions } from "../../src/migrations/renamed-options";
import { OptionsError } from "../../src/options/option-issues";

const MIGRATIONS: readonly Migration[] = [
  {
    id: "branch",
    version: "0.2.0",
    description: "branch is called mainBranch",
    apply: (context) => context.renameOption("branch", "mainBranch"),
  },
  {
    id: "main-branch",
    version: "0.3.0",
    description: "mainBranch is called defaultBranch, zone is called awsRegion",
    apply: (context) => {
      context.renameOption("mainBranch", "defaultBranch");
      context.renameOption("environments[].zone", "awsRegion");
      context.moveFile("a", "b");
    },
  },
];

function messageOf(options: object): string {
  try {
    resolveOptions({ name: "platform", ...options } as never, { argv: [], env: {} }, renamedOptions(MIGRATIONS));
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(OptionsError);
    return (error as Error).message;
  }
}

test.each([
  ["renamed once", { mainBranch: "trunk" }, "mainBranch", "defaultBranch since version 0.3.0"],
  ["renamed twice", { branch: "trunk" }, "branch", "defaultBranch since version 0.2.0"],
  [
    "of an environment",
    { environments: [{ name: "dev" }, { name: "prod", zone: "eu-west-1" }] },
    "environments[1].zone",
    "awsRegion since version 0.3.0",
  ],
])("an option %s is named with what it is called now, and what renames it", (_, options, path, now) => {
  const message = messageOf(options);
  expect(message).toContain(`${path} = `);
  expect(message).toContain(`has been called ${now}`);
  expect(message).toContain('run "npx ray-platform update --installed", which renames it');
  expect(message).not.toContain("remove it");
});

test("where both names are set, one has to go", () => {
  expect(messageOf({ mainBranch: "trunk", defaultBranch: "main" })).toContain(
    "defaultBranch is set too: delete one of the two",
  );
});

test("a name that no version had is corrected as before", () => {
  expect(messageOf({ defaultBranhc: "trunk" })).toContain("did you mean defaultBranch?");
});
