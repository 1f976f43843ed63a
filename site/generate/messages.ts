// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { issuesOf } from "../../test/options/resolve";
import { REFUSALS } from "../../test/options/refusals";
import { cell, table } from "./markdown";
import type { Page } from "./page";

/** Every message about an option, by provoking it: the options are those of test/options/refusals.ts. */
export function messagePages(): Page[] {
  const issues = new Map(
    REFUSALS.flatMap(([, options]) => issuesOf(options)).map((issue) => {
      const path = issue.path.replace(/\[\d+\]/g, "");
      return [`${path}\n${issue.rule}`, { ...issue, path }];
    }),
  );
  const areas = new Map<string, string[][]>();
  for (const { path, rule, fix } of [...issues.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const [area] = path.split(".");
    areas.set(area, [...(areas.get(area) ?? []), [`\`${path}\``, cell(rule), cell(fix)]]);
  }
  return [
    {
      path: "reference/messages",
      title: "Messages about options",
      group: "Reference",
      content: [
        "# Messages about options",
        "",
        "Options are checked as a whole before anything is written. All mistakes are listed at once, with the option's path, its value, the rule and a fix. These are the rules. What a deployment or a running platform reports is in [Troubleshooting](/example/troubleshooting), and what a policy denies under its [rule](/reference/rules/terraform).",
        "",
        ...[...areas].flatMap(([area, rows]) => [`## ${area}`, "", table(["Option", "Rule", "Fix"], rows), ""]),
      ].join("\n"),
      source: "src/config",
    },
  ];
}
