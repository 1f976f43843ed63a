// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: stacks-to-hcl.mjs [FROM [TO]]
//
// Renders synthesized stacks (FROM, default cdktf.out/stacks) as HCL (TO, default cdktf.out/hcl), one directory a stack.
// Only for scanners: Trivy and tfsec do not see nested blocks in Terraform JSON, so they report settings as missing that
// are there, and would not report them if they were wrong. Terraform itself reads the JSON.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Arguments whose value is a map or an object, not a nested block. */
const MAP_ARGUMENTS = new Set(["tags", "tags_all", "labels", "config", "kubernetes", "exec"]);
/** Arguments whose value is a list of references, not of strings. */
const REFERENCE_LISTS = new Set(["depends_on", "ignore_changes"]);

const [from = "cdktf.out/stacks", to = "cdktf.out/hcl"] = process.argv.slice(2);
if (!existsSync(from)) {
  console.error(`${from} does not exist; run \`npx projen synth\` first`);
  process.exit(1);
}
rmSync(to, { recursive: true, force: true });
for (const stack of readdirSync(from)) {
  const document = JSON.parse(readFileSync(join(from, stack, "cdk.tf.json"), "utf8"));
  mkdirSync(join(to, stack), { recursive: true });
  writeFileSync(join(to, stack, "main.tf"), render(document));
}

function render({ terraform, provider = {}, data = {}, resource = {}, output = {} }) {
  const providers = Object.entries(terraform.required_providers).map(([name, value]) => `    ${name} = ${expression(value)}\n`);
  const blocks = [`terraform {\n  required_providers {\n${providers.join("")}  }\n}\n`];
  for (const [name, configurations] of Object.entries(provider)) {
    blocks.push(...configurations.map((configuration) => block(`provider ${quote(name)}`, configuration)));
  }
  for (const [kind, types] of Object.entries({ data, resource })) {
    for (const [type, instances] of Object.entries(types)) {
      for (const [name, body] of Object.entries(instances)) {
        blocks.push(block(`${kind} ${quote(type)} ${quote(name)}`, body));
      }
    }
  }
  for (const [name, body] of Object.entries(output)) {
    blocks.push(block(`output ${quote(name)}`, body));
  }
  return blocks.join("\n");
}

function block(header, body, indent = "") {
  const inner = `${indent}  `;
  const lines = Object.entries(body)
    .filter(([key]) => key !== "//")
    .map(([key, value]) => argument(key, value, inner));
  return `${indent}${header} {\n${lines.join("")}${indent}}\n`;
}

function argument(key, value, indent) {
  if (REFERENCE_LISTS.has(key)) {
    return `${indent}${key} = [${value.join(", ")}]\n`;
  }
  if (isObject(value) && !MAP_ARGUMENTS.has(key)) {
    return block(key, value, indent);
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isObject)) {
    return value.map((item) => block(key, item, indent)).join("");
  }
  return `${indent}${key} = ${expression(value)}\n`;
}

function expression(value) {
  if (Array.isArray(value)) {
    return `[${value.map(expression).join(", ")}]`;
  }
  if (isObject(value)) {
    return `{ ${Object.entries(value).map(([key, item]) => `${quote(key)} = ${expression(item)}`).join(", ")} }`;
  }
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

/** A quoted template: what stands in `${}` is an expression and keeps its own quotes. */
function quote(text) {
  const parts = text.split(/(\$\{[^}]*\})/);
  return `"${parts.map((part) => (part.startsWith("${") ? part : JSON.stringify(part).slice(1, -1))).join("")}"`;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
