// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import ts from "typescript";
import { resolveInto } from "../../src/config/resolve-platform-config";
import { Accelerator } from "../../src/options/accelerator";
import { IssueList } from "../../src/options/option-issues";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { snippets } from "./markdown";
import { documentsOf, OPTION_SETS } from "./option-sets";
import { projectDocuments, sitePages } from "./project-documents";

const examples = [...projectDocuments(), ...sitePages(), ...documentsOf(OPTION_SETS["no options"])]
  .filter(({ path }) => path.endsWith(".md"))
  .flatMap(({ path, content }) => snippets(content).map((snippet) => ({ path, snippet })))
  .filter(({ snippet }) => snippet.language === "ts" && snippet.code.includes("new RayPlatformProject("));

test("there are examples", () => {
  expect([...new Set(examples.map(({ path }) => path))].sort()).toEqual([
    "README.md",
    "docs/customising.md",
    "docs/options.md",
    "docs/regeneration.md",
    "site/pages/index.md",
    "site/pages/start/repository.md",
  ]);
});

test.each(examples.map(({ path, snippet }) => [`${path}:${snippet.line}`, snippet.code] as const))(
  "the options at %s are valid",
  (_, code) => {
    const issues = new IssueList();
    resolveInto(optionsOf(code), issues);
    expect(() => issues.throwIfAny()).not.toThrow();
  },
);

/** What a snippet passes to the project class. */
function optionsOf(code: string): RayPlatformProjectOptions {
  let given: RayPlatformProjectOptions | undefined;
  class RayPlatformProject {
    public constructor(options: RayPlatformProjectOptions) {
      given = options;
    }
    public synth(): void {}
  }
  const source = ts.transpileModule(code.replace(/^import .*$/m, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  }).outputText;
  new Function("Accelerator", "RayPlatformProject", source)(Accelerator, RayPlatformProject);
  if (given === undefined) {
    throw new Error("the snippet makes no project");
  }
  return given;
}
