// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Reads the policy cases. A case is an input, whole or as edits of a base document, and
// the rules that must deny and warn; some also say the words of all denials, and what the
// coverage lists, as the reason by resource. CommonJS, because both Jest and the verify checks load it.
const { readdirSync, readFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const YAML = require("yaml");

const directory = __dirname;

/** Every case of every file: `{ file, name, policy, input, limits, deny, warn, says, coverage }`. */
function allCases() {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .flatMap(casesOf);
}

function casesOf(file) {
  const table = YAML.parse(readFileSync(join(directory, file), "utf8"));
  return table.cases.map((entry) => ({
    file: basename(file, ".yaml"),
    name: entry.name,
    policy: table.policy,
    input: "input" in entry ? entry.input : edited(base(entry.base ?? table.base), entry.edit ?? []),
    limits: entry.limits,
    deny: [...(entry.deny ?? [])].sort(),
    warn: [...(entry.warn ?? [])].sort(),
    says: entry.says && [...entry.says].sort(),
    coverage: entry.coverage,
  }));
}

function base(name) {
  return YAML.parse(readFileSync(join(directory, "bases", `${name}.yaml`), "utf8"));
}

/**
 * Applies edits, each `[path, value]` or, to remove, `[path]`. A path is segments separated
 * by spaces; `*` stands for every element and `+` appends. `^` wraps what is there: the
 * value's `$` is replaced by it.
 */
function edited(document, edits) {
  let result = document;
  for (const edit of edits) {
    if (edit[0] === "^") result = wrapped(edit[1], result);
    else change(result, String(edit[0]).split(" "), edit.length > 1, edit[1]);
  }
  return result;
}

function wrapped(template, inner) {
  if (template === "$") return structuredClone(inner);
  if (Array.isArray(template)) return template.map((item) => wrapped(item, inner));
  if (template && typeof template === "object")
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, wrapped(value, inner)]));
  return template;
}

function change(target, [segment, ...rest], isSet, value) {
  if (target === undefined || target === null) throw new Error(`no such place: ${segment}`);
  if (segment === "*") {
    for (const item of Object.values(target)) change(item, rest, isSet, value);
    return;
  }
  const key = segment === "+" ? target.length : segment;
  if (rest.length > 0) {
    if (target[key] === undefined) target[key] = {};
    change(target[key], rest, isSet, value);
  } else if (isSet) target[key] = structuredClone(value);
  else if (Array.isArray(target)) target.splice(Number(key), 1);
  else {
    if (!(key in target)) throw new Error(`nothing to remove at ${key}`);
    delete target[key];
  }
}

module.exports = { allCases, edited, base };
