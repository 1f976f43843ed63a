// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";

const PACKAGE = new URL("../../package.json", import.meta.url);

/** What the tests of the list refuse, so that it is replaced. */
const TO_WRITE = "<to be written>";

export default {
  summary: "a migration: what an update does to repositories of an older version, its test, its line in the list",
  name: {
    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    rule: "lower-case words with hyphens that say what it does; it is the migration's id and never used again",
    example: "title-is-heading",
  },
  scaffold(id) {
    const constant = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
    return {
      files: {
        [`src/migrations/${id}.ts`]: migration(id, constant),
        [`test/migrations/${id}.test.ts`]: test(id, constant),
      },
      edits: { "src/migrations/index.ts": (text) => added(text, id, constant) },
      next: [
        `Write what stands as ${TO_WRITE} in src/migrations/${id}.ts, and what it asks for: renameOption, declareOption, moveFile or removeFile (src/migrations/migration.ts).`,
        `Set its version to the release that needs it: repositories that an older one generated are migrated.`,
        `Write in test/migrations/${id}.test.ts what it makes of a repository.`,
        `Tell users in CHANGELOG.md.`,
        `Run the tests: npx jest test/migrations`,
      ],
    };
  },
};

function migration(id, constant) {
  return `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Migration } from "./migration";

export const ${constant}: Migration = {
  id: "${id}",
  version: "${nextMinor()}",
  description: "${TO_WRITE}",
  apply(context) {
    context.renameOption("${TO_WRITE}", "${TO_WRITE}");
  },
};
`;
}

function test(id, constant) {
  return `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ${constant} } from "../../src/migrations/${id}";

test("${id} asks for what it says", () => {
  const asked: unknown[] = [];
  ${constant}.apply({
    renameOption: (from, to) => asked.push(["renameOption", from, to]),
    declareOption: (...option) => asked.push(["declareOption", ...option]),
    generated: () => undefined,
    moveFile: (from, to) => asked.push(["moveFile", from, to]),
    removeFile: (path) => asked.push(["removeFile", path]),
  });
  expect(asked).toEqual([["renameOption", "${TO_WRITE}", "${TO_WRITE}"]]);
});
`;
}

/** The list with one more import and one more last line: the newest migration is the last. */
function added(text, id, constant) {
  const list = /^(export const MIGRATIONS\b[^=]*= \[)([^\]]*)\];$/m;
  const [, head, items] = list.exec(text) ?? [];
  const type = 'import type { Migration } from "./migration";\n';
  if (head === undefined || !text.includes(type)) {
    throw new Error("the list of migrations has another form; add the migration by hand.");
  }
  const others = items
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  const all = [...others, constant];
  const line = `${head}${all.join(", ")}];`;
  return text
    .replace(list, line.length <= 120 ? line : `${head}\n${all.map((item) => `  ${item},\n`).join("")}];`)
    .replace(type, `${type}import { ${constant} } from "./${id}";\n`);
}

/** The release after the package's present version. */
function nextMinor() {
  const [major, minor] = JSON.parse(readFileSync(PACKAGE, "utf8")).version.split(".").map(Number);
  return `${major}.${minor + 1}.0`;
}
