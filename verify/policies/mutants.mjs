// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

// The rules; the libraries below them have tests of their own, such as the quantity check.
const PACKAGES = ["ray", "terraform"];

function regoSources(directory, packages) {
  return packages.flatMap((folder) =>
    readdirSync(join(directory, folder), { recursive: true })
      .filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"))
      .map((name) => relative(directory, join(directory, folder, name)))
      .sort(),
  );
}

/**
 * Every source with one condition changed, as groups: the mutants of one condition, in the
 * order to try them. `{ file, line, source, tries: [{ what, text }] }`, where text is the
 * whole file. A condition that is needed is noticed when it is deleted; its negation is tried
 * only where that is not so. A comparison moved by one is tried always.
 */
export function mutantGroups(directory, packages = PACKAGES) {
  return regoSources(directory, packages).flatMap((file) => {
    const lines = readFileSync(join(directory, file), "utf8").split("\n");
    const without = (index, line) =>
      [...lines.slice(0, index), ...(line === undefined ? [] : [line]), ...lines.slice(index + 1)].join("\n");
    return conditions(lines).flatMap((index) => {
      const group = { file, line: index + 1, source: lines[index].trim() };
      const [, indent, text] = /^(\t*)(.*)$/.exec(lines[index]);
      const moved = MOVES.find(([from]) => text.includes(from));
      const negated = text.startsWith("not ") ? text.slice(4) : `not ${text}`;
      return [
        {
          ...group,
          tries: [
            { what: "deleted", text: without(index, undefined) },
            { what: "negated", text: without(index, indent + negated) },
          ],
        },
        ...(moved
          ? [
              {
                ...group,
                tries: [
                  {
                    what: `with${moved[1].trimEnd()} for${moved[0].trimEnd()}`,
                    text: without(index, indent + text.replace(...moved)),
                  },
                ],
              },
            ]
          : []),
      ];
    });
  });
}

const MOVES = [
  [" > ", " >= "],
  [" < ", " <= "],
  [" >= ", " > "],
  [" <= ", " < "],
];

// Lines of a body that can fail: no assignment, no iteration, no bracket of a literal.
function conditions(lines) {
  return lines.flatMap((line, index) => {
    const text = line.trim();
    const isBody = /^\t+[a-z_]/.test(line) && insideBody(lines, index) && !/[{[(,]$/.test(text);
    return isBody && !/:=|^some |^every |^import |^"/.test(text) ? [index] : [];
  });
}

// The nearest line that is indented less opens a body, not a literal.
function insideBody(lines, index) {
  const depth = /^\t*/.exec(lines[index])[0].length;
  for (let above = index - 1; above >= 0; above -= 1) {
    const line = lines[above];
    if (line.trim() !== "" && /^\t*/.exec(line)[0].length < depth)
      return /(\bif \{|\||^\t*every .*\{)$/.test(line.trimEnd());
  }
  return false;
}
