// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GATES } from "../../src/gates";
import { MIGRATIONS } from "../../src/migrations";
import { migrate } from "../../src/migrations/migrate";
import { scannerConfigurationsMoved } from "../../src/migrations/scanner-configurations";
import { LOCK_PATH } from "../../src/sync/store/lock-file";
import { generate, temporaryDirectory } from "../sync/mini-project";

const OLD = ".checkov.yml";
const NEW = ".github/scanners/checkov.yml";

/** A repository from before the migration, in which somebody may have edited or released the file. */
function before(files: { readonly content?: string; readonly release?: boolean } = {}): string {
  const root = temporaryDirectory();
  const options = { managed: { [OLD]: "quiet: true\n" } };
  generate(root, options);
  if (files.release) {
    generate(root, { ...options, release: [OLD] });
  }
  if (files.content !== undefined) {
    writeFileSync(join(root, OLD), files.content);
  }
  const lock = join(root, LOCK_PATH);
  const text = JSON.parse(readFileSync(lock, "utf8"));
  writeFileSync(lock, JSON.stringify({ ...text, migrations: [] }));
  return root;
}

const read = (root: string, path: string) =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;

test("each moves to where a gate has its configuration", () => {
  const moves: string[] = [];
  scannerConfigurationsMoved.apply({
    renameOption: () => {},
    declareOption: () => {},
    generated: () => undefined,
    moveFile: (_from, to) => moves.push(to),
    removeFile: () => {},
  });
  const paths = GATES.flatMap(({ configuration }) => configuration.map(({ path }) => path));
  expect(paths).toEqual(expect.arrayContaining(moves));
  expect(moves).toHaveLength(10);
});

test("an unedited one moves", () => {
  const root = before();
  expect(migrate(root, MIGRATIONS).notes).toEqual([]);
  expect([read(root, OLD), read(root, NEW)]).toEqual([undefined, "quiet: true\n"]);
});

test("an edit moves along, to be saved beside and reported by the regeneration that follows", () => {
  const root = before({ content: "quiet: false\n" });
  migrate(root, MIGRATIONS);
  expect([read(root, OLD), read(root, NEW)]).toEqual([undefined, "quiet: false\n"]);
});

test("a released one stays, and the note says where the scanner reads now", () => {
  const root = before({ content: "mine: true\n", release: true });
  expect(migrate(root, MIGRATIONS).notes).toEqual([
    `${OLD} is released and stays; what it was for is read from ${NEW} now: move what you need there, and release that one`,
  ]);
  expect([read(root, OLD), read(root, NEW)]).toEqual(["mine: true\n", undefined]);
});

test("what somebody put into the new place already stays as well", () => {
  const root = before();
  mkdirSync(dirname(join(root, NEW)), { recursive: true });
  writeFileSync(join(root, NEW), "ours: true\n");
  expect(migrate(root, MIGRATIONS).notes).toEqual([
    expect.stringContaining(`${OLD} was to move to ${NEW}, but a file`),
  ]);
  expect([read(root, OLD), read(root, NEW)]).toEqual(["quiet: true\n", "ours: true\n"]);
});
