// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Summarizes a Terraform plan in Markdown: what is added, changed, replaced and destroyed, what becomes of running work and of the
// bill, and what the policies say.
// It names resources, never the values of their attributes: a policy's message, which does, is left out.
//
//   node scripts/plan-summary.mjs TITLE PLAN.json [POLICY.json]
//
// POLICY.json is what "ray-platform policy --json" printed; empty if it could not.
import { parseJson, policyReport, readForeignText, refusedByEks, standIns } from "ray-platform/lib/script-interface.js";
import { codeSpan, markdownText } from "./log-text.mjs";
import { planCost } from "./plan-cost.mjs";
import { readObject } from "./read-json.mjs";
import { runningWork } from "./running-work.mjs";

const [title, planFile, policyFile] = process.argv.slice(2);
if (planFile === undefined) {
  throw new Error("usage: plan-summary.mjs TITLE PLAN.json [POLICY.json]");
}
const plan = readPlan(planFile);

const KINDS = new Map([
  ["create", "add"],
  ["update", "change"],
  ["delete", "destroy"],
  ["forget", "forget"],
]);

/** @returns a plan whose changes are changes: what cannot be summarized ends the script */
function readPlan(file) {
  const isChange = (change) => typeof change?.address === "string" && Array.isArray(change.change?.actions);
  try {
    const content = parseJson(readForeignText(file));
    const changes = content?.resource_changes ?? [];
    if (content !== null && Array.isArray(changes) && changes.every(isChange)) {
      return content;
    }
  } catch {
    // Not JSON, and so not a plan either.
  }
  console.error(`plan-summary: ${markdownText(file)} is not a Terraform plan in JSON`);
  process.exit(1);
}

/** What a plan's list of actions means to a reader. */
function kindOf(actions) {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  return KINDS.get(actions[0]);
}

/** The environment whose name the stack's begins with; of `dev` and `dev-two`, the longer. */
function environmentOfPlan() {
  const { environments } = readObject("src/platform/platform.json", { environments: [{ name: "" }] });
  return environments
    .filter(({ name }) => title.startsWith(`${name}-`))
    .sort((one, other) => other.name.length - one.name.length)[0];
}

const changes = (plan.resource_changes ?? [])
  .filter(({ mode }) => mode !== "data")
  .map(({ address, change }) => ({ address, kind: kindOf(change.actions) }))
  .filter(({ kind }) => kind !== undefined);
const count = (kind) => changes.filter((change) => change.kind === kind).length;

const lines = [
  `### ${codeSpan(title)}`,
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
  lines.push(...shown.map(({ address, kind }) => `- ${kind} ${codeSpan(address)}`));
  if (shown.length < changes.length) {
    lines.push(`- and ${changes.length - shown.length} more`);
  }
  lines.push("", "</details>", "");
}
const work = runningWork(plan);
if (work.length > 0) {
  lines.push("**Running work:**", "", ...work.map((sentence) => `- ${sentence}`), "");
}
const refused = refusedByEks(plan);
if (refused.length > 0) {
  lines.push("**EKS will refuse this:**", "", ...refused.map((sentence) => `- ${markdownText(sentence)}.`), "");
}
const cost = planCost(plan, environmentOfPlan);
if (cost.length > 0) {
  lines.push("**Cost:**", "", ...cost.map((sentence) => `- ${sentence}`), "");
}
const outputs = Object.entries(plan.output_changes ?? {})
  .filter(([, { actions }]) => actions.some((action) => action !== "no-op"))
  .map(([name]) => codeSpan(name));
if (outputs.length > 0) {
  lines.push(
    `Outputs that change: ${outputs.join(", ")}. Later stacks are planned here with what is deployed now.`,
    "",
  );
}
const missing = standIns(plan);
if (missing.length > 0) {
  lines.push(`Planned with stand-ins for what is not deployed yet: ${missing.map(codeSpan).join(", ")}.`, "");
}
if (policyFile !== undefined) {
  lines.push(...policyLines(readForeignText(policyFile)), "");
}
process.stdout.write(`${lines.join("\n")}\n`);

/** @throws if the file is neither empty nor what the command prints */
function policyLines(text) {
  if (text.trim() === "") {
    return ["**The policies could not be evaluated.**"];
  }
  const { files } = policyReport.read(text);
  const deny = files.flatMap((file) => file.deny);
  const warn = files.flatMap((file) => file.warn);
  return [
    deny.length > 0
      ? `**Policies: ${deny.length} denied, ${warn.length} warned**`
      : `Policies: nothing denied, ${warn.length} warned`,
    "",
    ...deny.map((violation) => line("deny", violation)),
    ...warn.map((violation) => line("warn", violation)),
    ...(deny.length + warn.length > 0 ? ["", "`npx ray-platform explain RULE` says what a rule asks for."] : []),
  ];
}

function line(level, { id, resource }) {
  return `- ${level} ${codeSpan(id)}${resource === "" ? "" : ` ${codeSpan(resource)}`}`;
}
