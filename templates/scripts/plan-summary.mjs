// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Summarizes a Terraform plan in Markdown: what is added, changed, replaced and destroyed, and what the policies say.
// It names resources, never the values of their attributes; a policy's message may name the value that it judges.
//
//   node scripts/plan-summary.mjs TITLE PLAN.json [POLICY.json]
import { readFileSync } from "node:fs";

const [title, planFile, policyFile] = process.argv.slice(2);
if (planFile === undefined) {
  throw new Error("usage: plan-summary.mjs TITLE PLAN.json [POLICY.json]");
}
const plan = JSON.parse(readFileSync(planFile, "utf8"));
if (!Array.isArray(plan.resource_changes ?? [])) {
  throw new Error(`${planFile} is not a Terraform plan in JSON`);
}

/** What a plan's list of actions means to a reader. */
function kindOf(actions) {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  return { create: "add", update: "change", delete: "destroy", forget: "forget" }[actions[0]];
}

/** Text inside a code span: nothing in it may end the span or the line. */
const code = (text) => `\`${String(text).replace(/[`\r\n]/g, "'")}\``;

const changes = (plan.resource_changes ?? [])
  .filter(({ mode }) => mode !== "data")
  .map(({ address, change }) => ({ address, kind: kindOf(change.actions) }))
  .filter(({ kind }) => kind !== undefined);
const count = (kind) => changes.filter((change) => change.kind === kind).length;

const lines = [
  `### ${code(title)}`,
  "",
  "| add | change | replace | destroy | forget |",
  "|---|---|---|---|---|",
  `| ${["add", "change", "replace", "destroy", "forget"].map(count).join(" | ")} |`,
  "",
];
if (changes.length > 0) {
  const order = ["destroy", "replace", "forget", "change", "add"];
  changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.address < b.address ? -1 : 1));
  const shown = changes.slice(0, 100);
  lines.push("<details><summary>Resources</summary>", "");
  lines.push(...shown.map(({ address, kind }) => `- ${kind} ${code(address)}`));
  if (shown.length < changes.length) {
    lines.push(`- and ${changes.length - shown.length} more`);
  }
  lines.push("", "</details>", "");
}
if (policyFile !== undefined) {
  lines.push(...policyLines(readFileSync(policyFile, "utf8")), "");
}
process.stdout.write(`${lines.join("\n")}\n`);

function policyLines(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return ["**The policies could not be evaluated.**"];
  }
  const findings = { deny: [], warn: [] };
  collect(report, undefined, findings);
  const { deny, warn } = findings;
  return [
    deny.length > 0
      ? `**Policies: ${deny.length} denied, ${warn.length} warned**`
      : `Policies: nothing denied, ${warn.length} warned`,
    "",
    ...deny.map((finding) => line("deny", finding)),
    ...warn.map((finding) => line("warn", finding)),
  ];
}

/** Findings stand in lists named `deny` and `warn`, or carry their `level`. */
function collect(node, level, findings) {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, level, findings);
  } else if (node !== null && typeof node === "object") {
    if (typeof node.id === "string" && typeof node.msg === "string") {
      findings[node.level ?? node.severity ?? level ?? "deny"]?.push(node);
      return;
    }
    for (const [key, value] of Object.entries(node)) {
      collect(value, key === "deny" || key === "warn" ? key : level, findings);
    }
  }
}

function line(level, { id, resource, msg }) {
  return `- ${level} ${code(id)} ${resource === undefined ? "" : `${code(resource)} `}${code(msg)}`;
}
