// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "./option-issues";
import { nearestKey } from "./nearest-key";
import { OptionTypes } from "./option-types";

/** Flags of `projen new` itself, and yargs' own. */
const PROJEN_FLAGS = [
  "from", "f", "synth", "post", "git", "comments", "outdir", "projen-version", "projenrc-ts", "projenrc-json", "projenrc-js",
  "debug", "watch", "w", "help", "h", "version",
];

/**
 * Checks the flags of `projen new --from`, which takes any flag for an external project type and ignores the ones it
 * does not know.
 *
 * @param argv the process's arguments, `["node", "projen", "new", ...]`
 */
export function checkCommandLine(argv: readonly string[], struct: string, issues: IssueList): void {
  if (argv[2] !== "new") {
    return;
  }
  const known = [...OptionTypes.load().struct(struct).keys()].map(kebab).concat(PROJEN_FLAGS);
  for (const argument of argv.slice(3)) {
    const flag = /^--?(?:no-)?([^=]+)/.exec(argument)?.[1];
    if (flag !== undefined && Number.isNaN(Number(flag)) && !known.includes(kebab(flag)) && !known.includes(flag)) {
      const near = nearestKey(flag, known);
      issues.add(
        `--${flag}`,
        argument,
        "projen new has no such flag for ray-platform",
        near === undefined ? `use one of ${known.map((name) => `--${name}`).join(", ")}` : `did you mean --${near}?`,
      );
    }
  }
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}
