// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { pendingMigrations } from "../src/migrations/migrate";
import type { Migration } from "../src/migrations/migration";
import { compareVersions } from "../src/version-order";

test("versions are ordered as Semantic Versioning says", () => {
  const ordered = [
    "0.9.0",
    "0.10.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
  ];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions("1.0.0+build", "1.0.0")).toBe(0);
});

test("the migrations that a repository has not been through run oldest first", () => {
  const known = ["0.3.0", "0.2.0", "0.1.0", "0.10.0"].map(
    (version): Migration => ({ id: version, version, description: "", apply: () => {} }),
  );
  const pending = (generator: string, migrations?: string[]) =>
    pendingMigrations(known, { generator, migrations }).map(({ id }) => id);
  expect(pending("0.1.0")).toEqual(["0.2.0", "0.3.0", "0.10.0"]);
  expect(pending("0.10.0")).toEqual([]);
  expect(pending("0.10.0", ["0.1.0", "0.3.0"])).toEqual(["0.2.0", "0.10.0"]);
});
