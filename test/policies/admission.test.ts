// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ruleList } from "../../src/policy/rule-list";

const root = join(__dirname, "..", "..");
const chart = readFileSync(join(root, "templates/helm/cluster-base/templates/_ray-rules.tpl"), "utf8");
const said = new Set(chart.match(/ray\/[a-z-]+(?= at |")/g));

/** Rules in the table of what the API server does not judge, or judges otherwise, of a document. */
function listed(path: string): { readonly all: Set<string>; readonly notJudged: Set<string> } {
  const section = readFileSync(join(root, path), "utf8")
    .split(/^#+ At the API server$/m)[1]
    .split(/^#+ /m)[0];
  const rows = section.split("\n").flatMap((line) => /^\| `(ray\/[a-z-]+)` \| (.*)/.exec(line) ?? []);
  const ids = rows.filter((_, index) => index % 3 === 1);
  const texts = rows.filter((_, index) => index % 3 === 2);
  return { all: new Set(ids), notJudged: new Set(ids.filter((_, index) => texts[index].startsWith("not judged"))) };
}

test.each(["docs/policies.md", "templates/docs/security-architecture.md.mustache"])(
  "each Ray rule is judged by the API server, or %s lists why not",
  (path) => {
    const rules = ruleList().filter(({ id }) => id.startsWith("ray/"));
    const { all, notJudged } = listed(path);
    expect(new Set(rules.map(({ id }) => id))).toEqual(new Set([...said, ...notJudged]));
    expect([...said].filter((id) => notJudged.has(id))).toEqual([]);
    expect([...all].filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
  },
);

test("violations deny, and warnings only warn", () => {
  const [violations, warnings] = chart.split('define "cluster-base.rayWarnings"');
  for (const { id, severity } of ruleList().filter((rule) => said.has(rule.id))) {
    expect([id, (severity === "error" ? violations : warnings).includes(`"${id}`)]).toEqual([id, true]);
  }
});
