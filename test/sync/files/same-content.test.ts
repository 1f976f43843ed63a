// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PACKAGE_ROOT } from "../../../src/package-root";
import { inspect } from "../../../src/sync/comparison/inspect";
import { readings } from "../../../src/sync/files/same-content";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf } from "../preview-of";

const DOCUMENT = "docs/a.md";
const PROGRAM = "scripts/run.sh";
const BLOCK = "CODEOWNERS";
const OPTIONS: MiniOptions = {
  managed: { [DOCUMENT]: "# café\n\nold ground\nlast\n" },
  programs: { [PROGRAM]: "#!/bin/sh\nset -e\nexit 1\n" },
  blocks: { [BLOCK]: "* @platform\n/a/ @security\n" },
};

let root: string;
beforeEach(() => {
  root = temporaryDirectory();
  generate(root, OPTIONS);
});

function change(path: string, edit: (text: string) => string): void {
  chmodSync(join(root, path), 0o755 & (path === PROGRAM ? 0o755 : 0o644));
  writeFileSync(join(root, path), edit(readFileSync(join(root, path), "utf8")));
}

/** What both comparisons say: with the rendering, and with the lock alone. */
function found(path: string): readonly (string | undefined)[] {
  return [fileOf(previewOf(root, OPTIONS), path)?.state, inspect(root).files.find((file) => file.path === path)?.disk];
}

test.each<[string, string, (text: string) => string]>([
  ["a carriage return at the end of one line", DOCUMENT, (text) => text.replace("ground\n", "ground\r\n")],
  ["a carriage return within a line", DOCUMENT, (text) => text.replace("old", "o\rld")],
  ["CRLF everywhere but once", DOCUMENT, (text) => text.replace(/\n/g, "\r\n").replace("last\r", "last")],
  ["CRLF everywhere and a carriage return more", DOCUMENT, (text) => `${text.replace(/\n/g, "\r\n")}\r`],
  ["a byte order mark", DOCUMENT, (text) => `\uFEFF${text}`],
  ["a byte order mark and CRLF everywhere", DOCUMENT, (text) => `\uFEFF${text.replace(/\n/g, "\r\n")}`],
  ["another form of a character", DOCUMENT, (text) => text.normalize("NFD")],
  ["a trailing blank", DOCUMENT, (text) => text.replace("ground", "ground ")],
  ["a line end less", DOCUMENT, (text) => text.trimEnd()],
  ["a zero-width character", DOCUMENT, (text) => text.replace("old", "o\u200Bld")],
  ["a carriage return in a program", PROGRAM, (text) => text.replace("exit 1\n", "exit 1\r\n")],
  ["CRLF everywhere in a program", PROGRAM, (text) => text.replace(/\n/g, "\r\n")],
  ["a carriage return in a block", BLOCK, (text) => text.replace("@platform\n", "@platform\r\n")],
])("%s is an edit", (_, path, edit) => {
  change(path, edit);
  expect(found(path)).toEqual(["edited", "edited"]);
});

test.each([DOCUMENT, BLOCK])("a checkout with CRLF everywhere is none: %s", (path) => {
  change(path, (text) => text.replace(/\n/g, "\r\n"));
  expect(found(path)).toEqual(["unchanged", "same"]);
});

test.each([
  [DOCUMENT, 0o755, "it is executable, and must not be"],
  [PROGRAM, 0o644, "it is no longer executable"],
])("the executable bit counts: %s", (path, mode, note) => {
  chmodSync(join(root, path), mode);
  expect(found(path)).toEqual(["edited", "edited"]);
  expect(fileOf(previewOf(root, OPTIONS), path)?.note).toBe(note);
});

test("a file system on which everything is executable says nothing", () => {
  for (const { path } of inspect(root).files) {
    chmodSync(join(root, path), 0o777);
  }
  expect(found(DOCUMENT)).toEqual(["unchanged", "same"]);
});

describe("every line of every script that is generated", () => {
  const directory = join(PACKAGE_ROOT, "templates", "scripts");
  const LOOK_ALIKES: Readonly<Record<string, string>> = { a: "а", e: "е", o: "о", c: "с", p: "р", x: "х", "-": "‐" };

  const scripts = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();

  test.each(scripts)("%s", (name) => {
    const original = readFileSync(join(directory, name));
    const isSeen = (text: string) =>
      readings(`scripts/${name}`, Buffer.from(text), 0o444).every((reading) => !reading.equals(original));
    const lines = original.toString("utf8").split("\n");
    const changed = (index: number, line: string) => lines.map((old, at) => (at === index ? line : old)).join("\n");
    const unseen = lines.flatMap((line, index) => {
      const tricks = [`${line}\r`, `${line} `, `${line}\t`, `\uFEFF${line}`, `${line}\u00A0`];
      const at = [...line].findIndex((character) => Object.hasOwn(LOOK_ALIKES, character));
      if (at >= 0) {
        tricks.push([...line].map((character, place) => (place === at ? LOOK_ALIKES[character] : character)).join(""));
      }
      return tricks.filter((trick) => !isSeen(changed(index, trick))).map((trick) => `${index + 1}: ${trick}`);
    });
    expect(unseen).toEqual([]);
    expect(isSeen(lines.join("\r\n"))).toBe(true);
  });
});
