// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { flagName } from "./command-line-values";
import type { IssueList } from "./option-issues";
import { nearestKey } from "./nearest-key";
import { OptionTypes, type TypeReference } from "./option-types";

/** Flags of `projen new` itself, and yargs' own. */
const PROJEN_FLAGS = [
  "from", "f", "synth", "post", "git", "comments", "outdir", "projen-version", "projenrc-ts", "projenrc-json", "projenrc-js",
  "debug", "watch", "w", "help", "h", "version",
];

/**
 * Checks the flags of `projen new --from`, which takes any flag for an external project type and ignores the ones it
 * does not know or cannot pass on.
 *
 * @param argv the process's arguments, `["node", "projen", "new", ...]`
 */
export function checkCommandLine(argv: readonly string[], struct: string, issues: IssueList): void {
  if (argv[2] !== "new") {
    return;
  }
  const types = OptionTypes.load();
  const options = new Map([...types.struct(struct)].map(([name, type]) => [flagName(name), type]));
  const flags = [...options].filter(([, type]) => isFlag(type, types)).map(([name]) => name);
  const known = flags.concat(PROJEN_FLAGS);
  const end = argv.indexOf("--");
  for (const argument of argv.slice(3, end === -1 ? undefined : end)) {
    const flag = /^--?(?:no-)?([^=]+)/.exec(argument)?.[1];
    if (flag === undefined || !Number.isNaN(Number(flag)) || known.includes(flagName(flag)) || known.includes(flag)) {
      continue;
    }
    const option = flagName(flag.split(".")[0]);
    if (options.has(option)) {
      issues.add(`--${flag}`, argument, "the command line takes texts, numbers, yes and no, lists and enums only", "write it in .projenrc.ts, where an editor completes it");
      continue;
    }
    const near = nearestKey(flag, known);
    issues.add(
      `--${flag}`,
      argument,
      "projen new has no such flag for ray-platform",
      near === undefined ? `use one of ${flags.map((name) => `--${name}`).join(", ")}` : `did you mean --${near}?`,
    );
  }
}

/** Whether projen passes an option on from the command line. */
function isFlag(type: TypeReference, types: OptionTypes): boolean {
  const isText = (primitive: TypeReference["primitive"]) => primitive === "string" || primitive === "number";
  return (
    isText(type.primitive) ||
    type.primitive === "boolean" ||
    (type.collection?.kind === "array" && isText(type.collection.elementtype.primitive)) ||
    (type.fqn !== undefined && types.enumMembers(type.fqn) !== undefined)
  );
}
