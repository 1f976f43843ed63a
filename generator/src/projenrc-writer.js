// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { optionTree } from "./option-tree.js";

/** @typedef {import("./option-tree.js").ValueDescription} ValueDescription */

const WIDTH = 120;

/** What concerns the package rather than the platform comes last. */
const LAST = ["deps", "devDeps", "release", "projenVersion"];

/**
 * Text of a `.projenrc.ts` as a person would write it.
 * @param {Record<string, any>} options only what differs from the defaults
 * @param {{ license: { holder: string, spdxId: string }, statements?: readonly string[] }} frame `statements` stand before `project.synth()`
 */
export function writeProjenrc(options, { license, statements = [] }) {
  /** @type {Set<string>} */
  const imports = new Set(["RayPlatformProject"]);
  const given = optionTree().filter(({ name }) => options[name] !== undefined);
  const isPlatform = given.filter(({ name }) => !LAST.includes(name));
  const groups = [
    isPlatform.filter(({ type }) => !isStructured(type)),
    ...isPlatform.filter(({ type }) => isStructured(type)).map((option) => [option]),
    given.filter(({ name }) => LAST.includes(name)),
  ].filter((group) => group.length > 0);
  const body = groups
    .map((group) => group.map(({ name, type }) => field(name, options[name], type, 1, imports)).join("\n"))
    .join("\n\n");
  return [
    `// Copyright ${license.holder}`,
    `// SPDX-License-Identifier: ${license.spdxId}`,
    "// Everything about this platform that is yours to decide. Change it and run: npx projen",
    importLine([...imports].sort()),
    "",
    "const project = new RayPlatformProject({",
    body,
    "});",
    ...(statements.length > 0 ? ["", ...statements] : []),
    "",
    "project.synth();",
    "",
  ].join("\n");
}

/** @param {readonly string[]} names */
function importLine(names) {
  return `import { ${names.join(", ")} } from "ray-platform";`;
}

/** @param {ValueDescription} type */
function isStructured(type) {
  return type.kind === "struct" || type.kind === "map" || (type.kind === "list" && type.element.kind === "struct");
}

/**
 * One line of a literal, or several if it is too long for one.
 * @param {string} name @param {unknown} value @param {ValueDescription | undefined} type @param {number} depth
 * @param {Set<string>} imports
 */
function field(name, value, type, depth, imports) {
  const indent = "  ".repeat(depth);
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return `${indent}${key}: ${literal(value, type, depth, indent.length + key.length + 3, imports)},`;
}

/**
 * @param {unknown} value @param {ValueDescription | undefined} type @param {number} depth
 * @param {number} used columns of the line that are taken @param {Set<string>} imports
 * @returns {string}
 */
export function literal(value, type, depth, used, imports) {
  if (type?.kind === "enum") {
    const member = type.members.find((candidate) => candidate.value === value);
    if (member !== undefined) {
      imports.add(type.name);
      return `${type.name}.${member.name}`;
    }
  }
  if (typeof value !== "object" || value === null) {
    return quoted(value);
  }
  const line = onOneLine(value, type, imports);
  if (line.length + used <= WIDTH) {
    return line;
  }
  const indent = "  ".repeat(depth);
  if (Array.isArray(value)) {
    const element = type?.kind === "list" ? type.element : undefined;
    const items = value.map((item) => `${indent}  ${literal(item, element, depth + 1, indent.length + 3, imports)},`);
    return `[\n${items.join("\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).map(([name, item]) => field(name, item, typeOf(type, name), depth + 1, imports));
  return `{\n${fields.join("\n")}\n${indent}}`;
}

/**
 * @param {object} value @param {ValueDescription | undefined} type @param {Set<string>} imports
 * @returns {string}
 */
function onOneLine(value, type, imports) {
  const item = (/** @type {unknown} */ inner, /** @type {ValueDescription | undefined} */ innerType) =>
    literal(inner, innerType, 0, Number.NEGATIVE_INFINITY, imports);
  if (Array.isArray(value)) {
    return `[${value.map((inner) => item(inner, type?.kind === "list" ? type.element : undefined)).join(", ")}]`;
  }
  const fields = Object.entries(value).map(([name, inner]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${key}: ${item(inner, typeOf(type, name))}`;
  });
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** @param {ValueDescription | undefined} type @param {string} name @returns {ValueDescription | undefined} */
function typeOf(type, name) {
  return type?.kind === "struct"
    ? type.options.find((option) => option.name === name)?.type
    : type?.kind === "map"
      ? type.element
      : undefined;
}

/** A string with the quotes that need fewer escapes, as formatters have it. @param {unknown} value */
function quoted(value) {
  const text = JSON.stringify(value);
  return typeof value === "string" && value.includes('"') && !value.includes("'")
    ? `'${text.slice(1, -1).replace(/\\"/g, '"')}'`
    : text;
}
