// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isNode, isScalar, parseDocument } from "yaml";

/**
 * A table of JSON with other values, everything else left as it is laid out.
 *
 * @param {string} text the table
 * @param {readonly { path: readonly string[], value: unknown }[]} changes to values that are there, or to members of maps
 *   that are: those are added at the end
 * @returns {string}
 */
export function editedTable(text, changes) {
  return changes.reduce((edited, { path, value }) => edit(edited, path, value), text);
}

function edit(text, path, value) {
  const document = parseDocument(text); // JSON is YAML, and this parser says where each value stands
  const node = document.getIn(path, true);
  if (isNode(node)) {
    const [start, end] = node.range;
    const written = isScalar(node)
      ? JSON.stringify(value)
      : laidOut(value, text.slice(start, end), indentAt(text, start));
    return text.slice(0, start) + written + text.slice(end);
  }
  const map = document.getIn(path.slice(0, -1), true);
  if (!isMap(map) || map.items.length === 0) {
    throw new Error(`there is no ${path.slice(0, -1).join(".")} to add ${path.at(-1)} to`);
  }
  const last = map.items.at(-1);
  const { key } = last;
  const [, end] = last.value.range;
  const between = text.slice(map.range[0] + 1, map.items[0].key.range[0]); // a line break with an indent, or a space
  const sample = text.slice(last.value.range[0], end);
  const written = `${JSON.stringify(path.at(-1))}: ${laidOut(value, sample, indentAt(text, key.range[0]))}`;
  return `${text.slice(0, end)},${between}${written}${text.slice(end)}`;
}

/** As the value of the same kind beside it: on one line, with or without spaces inside the braces, or on several. */
function laidOut(value, sample, indent) {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  if (sample.includes("\n") || sample === "{}") {
    return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
  }
  return oneLine(value, /^\{ /.test(sample) ? " " : "");
}

function oneLine(value, pad) {
  if (Array.isArray(value)) {
    return `[${value.map((item) => oneLine(item, pad)).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item, pad)}`);
    return entries.length === 0 ? "{}" : `{${pad}${entries.join(", ")}${pad}}`;
  }
  return JSON.stringify(value);
}

function indentAt(text, offset) {
  return /^\s*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset))[0];
}
