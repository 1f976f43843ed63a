// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MiniOptions } from "./mini-project";

/** What only the user wrote, file by file. No crash may lose any of it. */
export const USERS_WORDS: Readonly<Record<string, string>> = {
  "docs/guide-3.md": "a note of the user in a managed file\n",
  "src/extensions.ts": "// a line of the user in a seeded file\n",
  CODEOWNERS: "/docs/ @the-users-team\n",
  "docs/gone.md": "an edit of the user in a file that is no longer generated\n",
};

/** The project before: what was generated first. */
export const BEFORE: MiniOptions = {
  managed: {
    ...guides(24, "first edition"),
    "docs/gone.md": "soon gone\n",
    "docs/old/unedited.md": "deleted unseen\n",
  },
  programs: { "scripts/run.sh": "#!/bin/sh\necho one\n" },
  seeded: { "src/extensions.ts": "// seeded\n", "README.md": "# readme\n" },
  blocks: { CODEOWNERS: "* @platform\n" },
};

/** The project after: changed, added, removed and edited files of every class. */
export const AFTER: MiniOptions = {
  managed: { ...guides(28, "second edition"), "docs/new/deep/added.md": "added\n" },
  programs: { "scripts/run.sh": "#!/bin/sh\necho two\n" },
  seeded: { "src/extensions.ts": "// seeded\n", "README.md": "# readme\n", "src/more.ts": "// more\n" },
  blocks: { CODEOWNERS: "* @platform @security\n" },
};

/** The user works on the generated project. */
export function editAsUser(root: string): void {
  for (const [path, words] of Object.entries(USERS_WORDS)) {
    const file = join(root, path);
    const content = readFileSync(file, "utf8");
    chmodSync(file, 0o644);
    writeFileSync(file, content + words);
  }
}

/** Every file of a directory, by path. */
export function snapshot(root: string, below = ""): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(root, below))) {
    const path = below === "" ? entry : `${below}/${entry}`;
    if (lstatSync(join(root, path)).isDirectory()) {
      for (const [inner, content] of snapshot(root, path)) {
        files.set(inner, content);
      }
    } else {
      files.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
  return files;
}

/** What is compared: everything but the leftovers of an interrupted run. */
export function withoutBookkeeping(files: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...files].filter(
      ([path]) => !path.startsWith(".ray-platform/journal/") && !path.startsWith(".ray-platform/run.lock"),
    ),
  );
}

function guides(count: number, edition: string): Record<string, string> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return Object.fromEntries(numbers.map((number) => [`docs/guide-${number}.md`, `# guide ${number}\n\n${edition}\n`]));
}
