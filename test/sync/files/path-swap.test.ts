// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fs, { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf } from "../preview-of";

const AS_FILE: MiniOptions = { managed: { "docs/guide": "a file\n" } };
const AS_DIRECTORY: MiniOptions = { managed: { "docs/guide/one.md": "one\n", "docs/guide/two.md": "two\n" } };

function generated(options: MiniOptions): string {
  const root = temporaryDirectory();
  generate(root, options);
  return root;
}

function expectAsGenerated(root: string, options: MiniOptions): void {
  for (const [path, content] of Object.entries(options.managed ?? {})) {
    expect(readFileSync(join(root, path), "utf8")).toBe(content);
  }
  expect(previewOf(root, options).files.every(({ state }) => state === "unchanged")).toBe(true);
  expect(existsSync(join(root, ".ray-platform/rejected"))).toBe(false);
}

const SWAPS: ReadonlyArray<[string, MiniOptions, MiniOptions]> = [
  ["a file that becomes a directory", AS_FILE, AS_DIRECTORY],
  ["a directory that becomes a file", AS_DIRECTORY, AS_FILE],
];

describe.each(SWAPS)("%s", (_, first, second) => {
  test("is replaced in one run, as the preview says", () => {
    const root = generated(first);
    for (const path of Object.keys(second.managed ?? {})) {
      expect(fileOf(previewOf(root, second), path)).toMatchObject({ state: "added", action: "write" });
    }
    generate(root, second);
    expectAsGenerated(root, second);
  });

  test("is replaced by the next run if this one dies at any change", () => {
    for (let point = 1, died = true; died; point++) {
      const root = generated(first);
      let changes = 0;
      for (const name of ["renameSync", "unlinkSync", "rmdirSync"] as const) {
        const original = fs[name] as (...args: unknown[]) => unknown;
        jest.spyOn(fs, name as never).mockImplementation(((...args: unknown[]) => {
          changes += 1;
          if (changes === point) {
            throw new Error("died");
          }
          return original.apply(fs, args);
        }) as never);
      }
      try {
        generate(root, second);
        died = false;
      } catch (error) {
        expect((error as Error).message).toBe("died");
      }
      jest.restoreAllMocks();
      generate(root, second);
      expectAsGenerated(root, second);
    }
  });
});

test("a directory that holds something of the user's is moved aside whole", () => {
  const root = generated(AS_DIRECTORY);
  writeFileSync(join(root, "docs/guide/mine.md"), "mine\n");
  mkdirSync(join(root, "docs/guide/empty"));
  generate(root, AS_FILE);
  expect(readFileSync(join(root, "docs/guide"), "utf8")).toBe("a file\n");
  expect(readFileSync(join(root, ".ray-platform/rejected/docs/guide.1.moved/mine.md"), "utf8")).toBe("mine\n");
  generate(root, AS_FILE);
  expect(previewOf(root, AS_FILE).files.every(({ state }) => state === "unchanged")).toBe(true);
});

test("a file that the user edited stays where a directory is to be", () => {
  const root = generated(AS_FILE);
  chmodSync(join(root, "docs/guide"), 0o644);
  writeFileSync(join(root, "docs/guide"), "mine\n");
  generate(root, AS_DIRECTORY);
  process.exitCode = 0;
  expect(readFileSync(join(root, "docs/guide"), "utf8")).toBe("mine\n");
  rmSync(join(root, "docs/guide"));
  generate(root, AS_DIRECTORY);
  expectAsGenerated(root, AS_DIRECTORY);
});
