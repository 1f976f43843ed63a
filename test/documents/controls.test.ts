// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { controlRecords } from "../../src/controls/control-record";
import { PACKAGE_ROOT } from "../../src/package-root";
import { controlIds, inlineCode } from "./markdown";
import { documentsOf, OPTION_SETS } from "./option-sets";
import unboundText from "./unbound-text.json";

const controls = controlRecords();
const known = controls.map(({ id }) => id).sort();
const policyIds = new Set(
  regoFiles(join(PACKAGE_ROOT, "policies")).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^#\s+id: (\S+)$/gm)].map(([, id]) => id),
  ),
);

describe.each(Object.entries(OPTION_SETS))("the security document with %s", (_, set) => {
  const content = documentsOf(set).find(({ path }) => path === "docs/security-architecture.md")?.content ?? "";
  const [statements, , register] = content.split(/## (?:Compliance Mapping|Register of controls)/);

  test("states every control before the register, and no unknown one", () => {
    expect(controlIds(statements)).toEqual(known);
  });

  test("registers every control", () => {
    expect(controlIds(register)).toEqual(known);
  });

  test("states each control once", () => {
    const stated = [...statements.matchAll(/^- \*\*([A-Z0-9]+-\d\d)\*\*/gm)].map(([, id]) => id);
    expect(stated).toEqual([...new Set(stated)]);
    expect([...stated, ...controlIds(statements).filter((id) => id.startsWith("CI-"))].sort()).toEqual(known);
  });

  test("names rules that the policies have", () => {
    const named = inlineCode(content).filter((code) => /^(?:terraform|ray)\/[a-z0-9-]+$/.test(code));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((id) => !policyIds.has(id))).toEqual([]);
  });
});

test("other documents name no unknown control", () => {
  const ids = documentsOf(OPTION_SETS["no options"])
    .filter(({ path }) => path.endsWith(".md"))
    // The numbers of frameworks look alike.
    .flatMap(({ content }) => controlIds(content.replace(/## Compliance Mapping[\s\S]*?(?=\n## |$)/, "")));
  expect(ids.filter((id) => !known.includes(id))).toEqual([]);
});

test.each(["docs/security-architecture.md", "docs/deviations.md"])(
  "each section of %s names a control, or is listed with the reason why not",
  (path) => {
    const listed: Readonly<Record<string, string>> = unboundText[path as "docs/deviations.md"];
    const content = documentsOf(OPTION_SETS["several environments"]).find((one) => one.path === path)?.content ?? "";
    const sections = content.split(/^## /m).slice(1);
    expect(sections.length).toBeGreaterThan(5);
    const unbound = sections
      .filter((section) => controlIds(section).every((id) => !known.includes(id)))
      .map((section) => section.split("\n")[0]);
    expect(unbound.filter((heading) => listed[heading] === undefined)).toEqual([]);
    expect(Object.values(listed).every((reason) => reason.length > 10)).toBe(true);
  },
);

function regoFiles(directory: string): string[] {
  return existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".rego"))
        .map((path) => join(directory, path))
    : [];
}
