// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { customizingDocument } from "../../src/migrations/customizing-document";
import { migrate } from "../../src/migrations/migrate";
import { PACKAGE_ROOT } from "../../src/package-root";
import { LOCK_PATH } from "../../src/sync/store/lock-file";
import { generate, temporaryDirectory } from "../sync/mini-project";

const OLD = "docs/customising.md";
const NEW = "docs/customizing.md";

/** A repository from before the migration; its document was edited, or released. */
function migrated({ edit, release = [] }: { readonly edit?: string; readonly release?: string[] }) {
  const root = temporaryDirectory();
  generate(root, { managed: { [OLD]: "# Customizing\n" } });
  generate(root, { managed: { [OLD]: "# Customizing\n" }, release });
  if (edit !== undefined) {
    writeFileSync(join(root, OLD), edit);
  }
  const lock = join(root, LOCK_PATH);
  writeFileSync(lock, JSON.stringify({ ...JSON.parse(readFileSync(lock, "utf8")), migrations: [] }));
  const { notes } = migrate(root, [customizingDocument]);
  const [old, now] = [OLD, NEW].map((path) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined,
  );
  return { notes, old, now };
}

test("the document of the new name is the one that is generated", () => {
  expect(existsSync(join(PACKAGE_ROOT, "templates", `${NEW}.mustache`))).toBe(true);
  expect(existsSync(join(PACKAGE_ROOT, "templates", `${OLD}.mustache`))).toBe(false);
});

test("it moves", () => {
  expect(migrated({})).toEqual({ notes: [], old: undefined, now: "# Customizing\n" });
});

test("an edit moves along", () => {
  expect(migrated({ edit: "# Ours\n" })).toEqual({ notes: [], old: undefined, now: "# Ours\n" });
});

test("a released one stays, and a note says so", () => {
  expect(migrated({ edit: "# Ours\n", release: [OLD] })).toEqual({
    notes: [expect.stringContaining(`${OLD} is released and stays`)],
    old: "# Ours\n",
    now: undefined,
  });
});
