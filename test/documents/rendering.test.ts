// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import Mustache from "mustache";
import { documentsOf, OPTION_SETS } from "./option-sets";

const sets = Object.entries(OPTION_SETS);

describe.each(sets)("documents with %s", (_, set) => {
  const documents = documentsOf(set).filter(({ path }) => path.endsWith(".md"));

  test.each(documents.map(({ path, content }) => [path, content] as const))("%s is complete", (_path, content) => {
    // `${{ ... }}` is an expression of GitHub Actions.
    expect(content).not.toMatch(/(?<!\$)\{\{/);
    expect(content).not.toMatch(/undefined|\[object Object\]|\bNaN\b|`null`|(?<!`)``(?!`)/);
    expect(content).not.toMatch(/\n\n\n/);
    expect(content.endsWith("\n")).toBe(true);
  });

  test.each(documents.map(({ path, content }) => [path, content] as const))(
    "the tables of %s have as many cells as headings",
    (_path, content) => {
      for (const table of tables(content)) {
        const widths = table.map(cells);
        expect({ table: table[0], widths: new Set(widths) }).toEqual({ table: table[0], widths: new Set([widths[0]]) });
      }
    },
  );
});

test("every fact that a template names exists", () => {
  const defined = new Map<string, boolean>();
  const lookup = Mustache.Context.prototype.lookup;
  const spy = jest.spyOn(Mustache.Context.prototype, "lookup").mockImplementation(function (
    this: Mustache.Context,
    name: string,
  ) {
    const value = lookup.call(this, name);
    defined.set(name, defined.get(name) === true || value !== undefined);
    return value;
  });
  for (const [, set] of sets) {
    documentsOf(set);
  }
  spy.mockRestore();
  expect(defined.size).toBeGreaterThan(50);
  expect([...defined].filter(([, exists]) => !exists).map(([name]) => name)).toEqual([]);
});

test("the option sets differ in what they render", () => {
  const texts = sets.map(
    ([, set]) => documentsOf(set).find(({ path }) => path === "docs/security-architecture.md")?.content,
  );
  expect(new Set(texts).size).toBe(sets.length);
});

test.each([
  ["no options", "no IAM role trusts GitHub"],
  ["GitHub and AWS named", "repo:acme/platform:environment:prod"],
  ["immutable subjects", "repo:acme@123456/platform@456789:ref:refs/heads/trunk"],
  ["several environments", "from `203.0.113.0/24`"],
  ["no GPU", "This platform has no GPU pool"],
  ["existing VPC and key", "The VPC is given"],
  ["exceptions, relaxations and absent gates", "The log group holds no secrets"],
  ["exceptions, relaxations and absent gates", "The deployment takes longer"],
  ["exceptions, relaxations and absent gates", "turned off by option"],
])("the security document with %s says: %s", (name, sentence) => {
  expect(
    documentsOf(OPTION_SETS[name]).find(({ path }) => path === "docs/security-architecture.md")?.content,
  ).toContain(sentence);
});

/** Tables outside of fenced code, as lists of lines. */
function tables(content: string): string[][] {
  const result: string[][] = [];
  let current: string[] = [];
  for (const line of content
    .replace(/```[\s\S]*?```/g, "")
    .split("\n")
    .concat("")) {
    if (line.startsWith("|")) {
      current.push(line);
    } else if (current.length > 0) {
      result.push(current);
      current = [];
    }
  }
  return result;
}

function cells(line: string): number {
  return line.split(/(?<!\\)\|/).length;
}
