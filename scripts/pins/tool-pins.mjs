// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * verify/tools.json with the versions of the programs that workflows run too; other programs are pinned there alone.
 * One line a program.
 *
 * @param {string} text the file
 * @param {import("../../src/workflow-rules/pin-table").PinTable} table
 * @returns {{ text: string, unknown: string[] }}
 */
export function pinnedTools(text, table) {
  const lines = Object.entries(JSON.parse(text)).map(([name, tool]) => {
    const version = table.tools[name]?.version;
    const pinned = version === undefined ? tool : { ...tool, version: tool.kind === "go" ? `v${version}` : version };
    return `  ${JSON.stringify(name)}: ${oneLine(pinned)}`;
  });
  return { text: `{\n${lines.join(",\n")}\n}\n`, unknown: [] };
}

function oneLine(value) {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`)
    .join(", ")} }`;
}
