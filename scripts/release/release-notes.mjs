// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { KINDS } from "./shipped-facts.mjs";

/** Names of a list that are written out; a first release has hundreds. */
const SHOWN = 40;

/**
 * Text of a release on GitHub: what the changelog says, then what a security team looks for.
 *
 * @param {string} entries of the changelog
 * @param {ReturnType<typeof import("./shipped-facts.mjs").differences> | undefined} differences undefined for the first release
 */
export function releaseNotes(entries, differences) {
  const changes =
    differences === undefined
      ? ["This is the first release."]
      : differences.length === 0
        ? ["No control, policy rule, pin or option changed."]
        : differences.map(({ kind, added, changed, removed }) =>
            [
              `### ${KINDS[kind]}`,
              "",
              ...line("Added", added),
              ...line("Changed", changed),
              ...line("Removed", removed),
            ].join("\n"),
          );
  return `${entries}\n\n## What changed in what is generated\n\n${changes.join("\n\n")}\n`;
}

/** @param {string} title @param {readonly string[]} names */
function line(title, names) {
  const rest = names.length - SHOWN;
  const shown = [...names.slice(0, SHOWN).map((name) => `\`${name}\``), ...(rest > 0 ? [`${rest} more`] : [])];
  return names.length === 0 ? [] : [`- ${title}: ${shown.join(", ")}`];
}
