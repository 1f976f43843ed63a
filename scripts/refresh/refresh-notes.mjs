// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What a refresh says of itself: the text of a pull request, and what a person reads.
 *
 * @param {{ day: string, changes: readonly object[], waiting: readonly object[], advisories: readonly object[],
 *   unseen: readonly string[] }} refresh
 * @returns {string} Markdown
 */
export function refreshNotes({ day, changes, waiting, advisories, unseen }) {
  const sections = [
    `Read on ${day}.`,
    section(
      "Pins with a known advisory",
      advisories,
      ({ what, version, ids }) => `${what} ${version}: ${ids.join(", ")}`,
    ),
    ...filesOf(changes).map((file) => changesOf(file, changes)),
    section("Waits for a person", waiting, ({ what, newest, why }) => `${what}, ${newest}: ${why}`),
    section(
      "Read for the first time",
      unseen,
      (id) => `${id}: it was tried on recorded answers only; compare what it wrote with its source`,
    ),
  ];
  return `${(changes.length === 0 ? [...sections, "Nothing changed."] : sections).filter(Boolean).join("\n\n")}\n`;
}

function changesOf(file, changes) {
  const here = changes.filter((change) => change.file === file);
  const means = [...new Set(here.map((change) => change.means))];
  const rows = here.map(({ name, from, to }) => `| \`${name}\` | ${shown(from)} | ${shown(to)} |`);
  return [
    `## ${file}`,
    means.map((sentence) => `${sentence[0].toUpperCase()}${sentence.slice(1)}.`).join("\n"),
    ["| | was | is |", "|---|---|---|", ...rows].join("\n"),
  ].join("\n\n");
}

function shown(value) {
  const text = Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
  return value === null ? "" : `\`${text}\``;
}

function section(title, items, line) {
  return items.length === 0 ? "" : `## ${title}\n\n${items.map((item) => `- ${line(item)}`).join("\n")}`;
}

function filesOf(changes) {
  return [...new Set(changes.map(({ file }) => file))];
}
