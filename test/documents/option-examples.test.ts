// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveInto } from "../../src/config/resolve-platform-config";
import { IssueList } from "../../src/options/option-issues";
import { examples, isExtension, isOptions, optionsOf } from "./examples";

const options = examples().filter(isOptions);

test("there are examples", () => {
  expect([...new Set(options.map(({ path }) => path))].sort()).toEqual([
    "README.md",
    "docs/customizing.md",
    "docs/operations.md",
    "docs/options.md",
    "docs/regeneration.md",
    "docs/workflows.md",
    "site/pages/index.md",
    "site/pages/start/repository.md",
  ]);
  expect(
    [
      ...new Set(
        examples()
          .filter(isExtension)
          .map(({ path }) => path),
      ),
    ].sort(),
  ).toEqual(["docs/customizing.md", "docs/operations.md"]);
});

test.each(options.map((example) => [example.where, example] as const))("the options at %s are valid", (_, example) => {
  const issues = new IssueList();
  resolveInto(optionsOf(example), issues);
  expect(() => issues.throwIfAny()).not.toThrow();
});
