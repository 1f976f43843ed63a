// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optionsDocument } from "../../projenrc/options-doc";
import { PACKAGE_ROOT } from "../../src/package-root";
import { reachableOptions } from "./assembly";
import { evaluate } from "./evaluate";
import { resolve } from "./resolve";

const document = readFileSync(join(PACKAGE_ROOT, "docs", "options.md"), "utf8");

test("the default of the Kubernetes version in its documentation is the one that is used", () => {
  const { docs } = reachableOptions("RayPlatformProjectOptions").get("EnvironmentSettings.kubernetesVersion") ?? {};
  expect(docs?.default).toBe(JSON.stringify(resolve({}).config.environments[0].cluster.version));
});

describe("docs/options.md", () => {
  test("is what the types say: run `npx tsx projenrc/options-doc.ts` after a change", () => {
    expect(document).toBe(optionsDocument());
  });

  test.each([...reachableOptions("RayPlatformProjectOptions").keys()])("has a row for %s", (id) => {
    const [struct, option] = id.split(".");
    const section = document.split(`\n### ${struct}\n`)[1]?.split("\n#")[0];
    expect(section).toContain(`| \`${option}\` |`);
  });

  test("has links that lead somewhere", () => {
    const targets = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    const headings = [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase());
    expect(targets.filter((target) => !headings.includes(target))).toEqual([]);
  });

  const examples = [...document.matchAll(/\*\*([^*]+)\.\*\*[^`]*```ts\n([\s\S]*?)```/g)].map(
    ([, title, code]) => [title, code] as const,
  );

  test("has five examples", () => {
    expect(examples).toHaveLength(5);
  });

  test.each(examples)("has an example for '%s' that resolves", (_title, code) => {
    expect(() => resolve(evaluate(code))).not.toThrow();
  });
});
