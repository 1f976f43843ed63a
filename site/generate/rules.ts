// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Rule, ruleList } from "../../src/policy/rule-list";
import { anchorOf, cell, table } from "./markdown";
import type { Page } from "./page";

/** Packages of rules: their title on the site, and what they judge. */
const PACKAGES: Readonly<Record<string, readonly [title: string, judges: string]>> = {
  terraform: ["Terraform rules", "What a Terraform plan, or the synthesized stacks, would deploy."],
  ray: ["Ray rules", "What RayClusters, RayJobs and RayServices ask for."],
  controls: [
    "Control rules",
    "Whether the controls hold in an environment, judged over all of its stacks together and over what its roles may do.",
  ],
};

/** An overview, and one page for each package of rules, from the METADATA beside the Rego. */
export function rulePages(): Page[] {
  const packages = [...new Set(ruleList().map(packageOf))];
  return [overview(packages), ...packages.map(packagePage)];
}

function overview(packages: readonly string[]): Page {
  return {
    path: "reference/rules/index",
    title: "Policy rules",
    group: "Reference",
    content: [
      "# Policy rules",
      "",
      `${ruleList().length} rules in ${packages.length} packages judge what a repository deploys. [Policies](/guides/policies) explains how they are evaluated, and how to add your own.`,
      "",
      ...packages.flatMap((name) => [
        `## ${PACKAGES[name]?.[0]}`,
        "",
        table(
          ["Rule", "What it asks for"],
          ruleList()
            .filter((rule) => packageOf(rule) === name)
            .map(({ id, description }) => [ruleLink(id), cell(description)]),
        ),
        "",
      ]),
    ].join("\n"),
    source: "policies",
  };
}

function packagePage(name: string): Page {
  const known = PACKAGES[name];
  if (known === undefined) {
    throw new Error(`site/generate/rules.ts has no title for the package ${name}`);
  }
  const [title, judges] = known;
  const rules = ruleList().filter((rule) => packageOf(rule) === name);
  return {
    path: `reference/rules/${name}`,
    title,
    group: "Reference",
    within: "Policy rules",
    content: [
      `# ${title}`,
      "",
      `${judges} In a repository, \`npx projen policy --explain RULE\` says the same. [Policies](/guides/policies) explains how they are evaluated.`,
      "",
      ...rules.flatMap(section),
    ].join("\n"),
    source: `policies/${name}`,
  };
}

/** A link to a rule. */
export function ruleLink(id: string): string {
  return `[\`${id}\`](/reference/rules/${id.split("/")[0]}#${anchorOf(id)})`;
}

function packageOf({ id }: Rule): string {
  return id.split("/")[0];
}

function section({ id, title, description, severity, fix, controls = [] }: Rule): string[] {
  const proves = controls.length === 0 ? "" : ` Proves ${controls.join(", ")}.`;
  return [
    `## ${id}`,
    "",
    `**${title}** · ${severity === "error" ? "denies" : "warns"}`,
    "",
    `${description.trim()}${proves}`,
    "",
    `**Fix:** ${fix}`,
    "",
  ];
}
