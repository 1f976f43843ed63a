// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** How many lines a unified diff adds to and removes from each file. */
export function diffStat(diff: string): string {
  const rows = diff
    .split(/^diff --git /m)
    .slice(1)
    .map((section) => {
      const [header = "", ...lines] = section.split("\n");
      const body = lines.slice(lines.findIndex((line) => line.startsWith("@@")) + 1);
      return {
        path: header.slice(header.lastIndexOf(" b/") + 3),
        added: body.filter((line) => line.startsWith("+")).length,
        removed: body.filter((line) => line.startsWith("-")).length,
      };
    });
  const width = Math.max(0, ...rows.map(({ path }) => path.length));
  return rows.map(({ path, added, removed }) => `${path.padEnd(width)}  +${added} -${removed}\n`).join("");
}
