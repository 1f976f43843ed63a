// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { snapshot } from "./crash-scenario";
import { generate, type MiniOptions, temporaryDirectory } from "./mini-project";
import { previewOf, updateWith } from "./preview-of";

const RUNS = { numRuns: 40 };

/** Lines that often repeat, so that merges find both agreement and conflict. */
const content = fc
  .array(fc.constantFrom("alpha", "beta", "gamma", "delta", "épsilon", ""), { maxLength: 8 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""));

const options: fc.Arbitrary<MiniOptions> = fc.record({
  managed: fc.dictionary(fc.constantFrom("docs/a.md", "docs/b.md", "deep/er/c.txt"), content),
  programs: fc.dictionary(fc.constantFrom("bin/run.sh"), content),
  seeded: fc.dictionary(fc.constantFrom("src/x.ts", "README.md"), content),
  blocks: fc.dictionary(fc.constantFrom("CODEOWNERS", "notes.md"), content),
  release: fc.subarray(["docs/a.md", "src/"]),
});

const PATHS = [
  "docs/a.md",
  "docs/b.md",
  "deep/er/c.txt",
  "bin/run.sh",
  "src/x.ts",
  "README.md",
  "CODEOWNERS",
  "notes.md",
];

const edit = fc.record({
  path: fc.constantFrom(...PATHS),
  text: fc.option(content),
  at: fc.nat(40),
  crlf: fc.boolean(),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Two edits of one file could cut each other's text in half. */
const oneEditPerFile = fc.uniqueArray(edit, { minLength: 1, maxLength: 4, selector: ({ path }) => path });

/** Edits files that are there: text put somewhere into them, or the file deleted. */
function editAll(root: string, edits: readonly Edit[]): void {
  for (const { path, text, at, crlf } of edits) {
    const file = join(root, path);
    if (!existsSync(file)) {
      continue;
    }
    if (text === null) {
      rmSync(file);
      continue;
    }
    const before = readFileSync(file, "utf8");
    const after = before.slice(0, at) + text + before.slice(at);
    chmodSync(file, 0o644);
    writeFileSync(file, crlf ? after.replace(/\r?\n/g, "\r\n") : after);
  }
}

function inNewProject(work: (root: string) => void): void {
  const root = temporaryDirectory();
  try {
    work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

beforeAll(() => {
  process.env.PROJEN_DISABLE_POST = "true";
});

test("regenerating twice is regenerating once, whatever was edited", () => {
  fc.assert(
    fc.property(options, fc.array(edit, { maxLength: 6 }), options, (first, edits, second) =>
      inNewProject((root) => {
        generate(root, first);
        editAll(root, edits);
        generate(root, second);
        const once = snapshot(root);
        generate(root, second);
        expect(snapshot(root)).toEqual(once);
      }),
    ),
    RUNS,
  );
});

test("updating twice is updating once, whatever was edited", () => {
  fc.assert(
    fc.property(options, fc.array(edit, { maxLength: 6 }), options, (first, edits, second) =>
      inNewProject((root) => {
        generate(root, first);
        editAll(root, edits);
        updateWith(root, second);
        const once = snapshot(root);
        updateWith(root, second);
        expect(snapshot(root)).toEqual(once);
      }),
    ),
    RUNS,
  );
});

test("an option that is undone leaves what was there before it, byte for byte", () => {
  fc.assert(
    fc.property(options, options, (first, second) =>
      inNewProject((root) => {
        // Only what regeneration owns can come back: seeded files are the user's as soon as they are written.
        const managed = ({ managed: files, programs, blocks }: MiniOptions): MiniOptions => ({
          managed: files,
          programs,
          blocks,
        });
        generate(root, managed(first));
        const before = snapshot(root);
        generate(
          root,
          managed({ ...first, managed: { ...first.managed, ...second.managed }, programs: second.programs }),
        );
        generate(root, managed(first));
        expect(snapshot(root)).toEqual(before);
      }),
    ),
    RUNS,
  );
});

test("a preview changes nothing", () => {
  fc.assert(
    fc.property(options, fc.array(edit, { maxLength: 6 }), options, (first, edits, second) =>
      inNewProject((root) => {
        generate(root, first);
        editAll(root, edits);
        const before = snapshot(root);
        previewOf(root, second);
        expect(snapshot(root)).toEqual(before);
      }),
    ),
    RUNS,
  );
});

test("no line that the user typed is lost", () => {
  const words = "only the user has this line";
  fc.assert(
    fc.property(options, oneEditPerFile, options, fc.boolean(), (first, edits, second, update) =>
      inNewProject((root) => {
        generate(root, first);
        const typed = edits
          .filter(({ path, text }) => text !== null && existsSync(join(root, path)))
          .map((one, index) => ({ ...one, text: `${words} ${index}.\n`, crlf: false }));
        editAll(root, typed);
        (update ? updateWith : generate)(root, second);
        const everything = [...snapshot(root).values()].join("\n");
        for (const { text } of typed) {
          expect(everything).toContain(text.trim());
        }
      }),
    ),
    RUNS,
  );
});
