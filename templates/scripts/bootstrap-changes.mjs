// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Says in Markdown what changes in the bootstrap stacks, which no workflow applies. Prints nothing if none changes.
//
//   node scripts/bootstrap-changes.mjs BASE
//
// BASE is a directory with the base branch, synthesized as this one is. Names are told, and no value.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { codeSpan } from "./log-text.mjs";
import { isObject, isThere, readObject } from "./read-json.mjs";
import { MANIFEST, synthesizedStacks } from "./stack-manifest.mjs";

/** More than anybody reads in a comment. */
const MOST_SHOWN = 40;
/** Which release of a provider or of Terraform makes it changes nothing that is there. */
const NOT_DEPLOYED = ["terraform.required_providers", "terraform.required_version"];

const [base] = process.argv.slice(2);
if (base === undefined) {
  console.error("usage: bootstrap-changes.mjs BASE");
  process.exit(2);
}
const [before, after] = [base, "."].map(bootstrapStacks);
const lines = [...new Set([...before.keys(), ...after.keys()])].sort().flatMap(changesOf);
if (lines.length > 0) {
  console.log(`### Bootstrap\n\n${lines.join("\n")}`);
}

/** The parts of each bootstrap stack, by the environment's name. */
function bootstrapStacks(root) {
  const stacks = isThere(join(root, MANIFEST)) ? synthesizedStacks(root) : {};
  return new Map(
    Object.entries(stacks)
      .filter(([name]) => name.endsWith("-bootstrap"))
      .map(([name, { synthesizedStackPath: path }]) => [
        name.slice(0, -"-bootstrap".length),
        partsOf(readObject(join(root, "cdktf.out", path))),
      ]),
  );
}

/** Resources, outputs, settings of providers and the like, by their address. */
function partsOf(stack) {
  const parts = new Map();
  for (const [section, content] of Object.entries(stack).filter(([key]) => key !== "//")) {
    const levels = section === "resource" || section === "data" ? 2 : 1;
    for (const [path, value] of entriesAt(content, levels, section === "resource" ? [] : [section])) {
      const { "//": _, ...values } = isObject(value) ? value : { value };
      parts.set(path.join("."), values);
    }
  }
  NOT_DEPLOYED.forEach((path) => parts.delete(path));
  return parts;
}

function entriesAt(value, levels, path) {
  return levels === 0 || !isObject(value)
    ? [[path, value]]
    : Object.entries(value)
        .filter(([key]) => key !== "//")
        .flatMap(([key, inner]) => entriesAt(inner, levels - 1, [...path, key]));
}

function changesOf(environment) {
  const [old, next] = [before, after].map((stacks) => stacks.get(environment));
  const name = codeSpan(environment);
  const script = codeSpan(`bash scripts/bootstrap.sh ${environment}`);
  if (old === undefined) {
    return [`The environment ${name} is new: an administrator runs ${script} before anything in it is deployed.`, ""];
  }
  if (next === undefined) {
    return [
      `The environment ${name} is removed, and what it deployed stays until an administrator destroys it: docs/operations.md.`,
      "",
    ];
  }
  const kind = (path) => (old.has(path) ? (next.has(path) ? "change" : "destroy") : "add");
  const paths = [...new Set([...old.keys(), ...next.keys()])]
    .filter((path) => !isDeepStrictEqual(old.get(path), next.get(path)))
    .sort();
  if (paths.length === 0) {
    return [];
  }
  const more = paths.length > MOST_SHOWN ? [`- and ${paths.length - MOST_SHOWN} more`] : [];
  return [
    `The bootstrap stack of ${name} changes, which no workflow applies: an administrator runs ${script}.`,
    "",
    ...paths.slice(0, MOST_SHOWN).map((path) => `- ${kind(path)} ${codeSpan(path)}`),
    ...more,
    "",
  ];
}
