// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { MIGRATIONS } from "../../src/migrations";
import type { Migration } from "../../src/migrations/migration";
import { PACKAGE_ROOT } from "../../src/package-root";
import { compareVersions } from "../../src/version-order";

/** Modules of the directory that are no migration. */
const OTHERS = ["index", "migrate", "migration", "projenrc-source", "renamed-options"];

test("every migration is in the list, in the file of its name, oldest first", () => {
  const files = readdirSync(join(PACKAGE_ROOT, "src", "migrations")).map((name) => name.replace(/\.ts$/, ""));
  const ids = MIGRATIONS.map(({ id }) => id);
  expect([...ids].sort()).toEqual(files.filter((name) => !OTHERS.includes(name)).sort());
  const versions = MIGRATIONS.map(({ version }) => version);
  expect([...versions].sort(compareVersions)).toEqual(versions);
});

test("no migration has anything left to be written", () => {
  const asked: unknown[] = [];
  const record = (...args: unknown[]) => asked.push(args);
  const all: readonly Migration[] = MIGRATIONS;
  const context = { renameOption: record, declareOption: record, moveFile: record, removeFile: record };
  all.forEach((migration) => migration.apply({ ...context, generated: () => undefined }));
  expect(JSON.stringify([MIGRATIONS, asked])).not.toContain("<to be written>");
});
