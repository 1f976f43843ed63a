// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Rule, ruleList } from "../../src/policy/rule-list";
import { anchorOf, prose } from "./markdown";
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

/** One page for each package of rules, from the METADATA beside the Rego. */
export function rulePages(): Page[] {
  const packages = [...new Set(ruleList().map(packageOf))];
  return packages.map((name): Page => {
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
        `${judges} In a repository, \`npx projen policy --explain RULE\` says the same. [Policies](/guides/policies) tells how they are evaluated.`,
        "",
        ...rules.flatMap(section),
      ].join("\n"),
      source: `policies/${name}`,
    };
  });
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
    `**${prose(title)}** · ${severity === "error" ? "denies" : "warns"}`,
    "",
    `${prose(description.trim())}${proves}`,
    "",
    `**Fix:** ${prose(fix)}`,
    "",
  ];
}
