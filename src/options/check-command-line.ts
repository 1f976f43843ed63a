// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { flagName } from "./command-line-values";
import type { IssueList } from "./option-issues";
import { nearestKey } from "./nearest-key";
import { OptionTypes, type TypeReference } from "./option-types";

/** Flags of `projen new` itself, and yargs' own. */
const PROJEN_FLAGS = [
  "from", "f", "synth", "post", "git", "comments", "outdir", "projen-version", "projenrc-ts", "debug", "watch", "w", "help", "h", "version",
];

/**
 * Checks the flags of `projen new --from`, which takes any flag for an external project type and ignores the ones it
 * does not know or cannot pass on.
 *
 * @param argv the process's arguments, `["node", "projen", "new", ...]`
 * @returns names of the options that have an issue here already
 */
export function checkCommandLine(argv: readonly string[], struct: string, issues: IssueList): Set<string> {
  const refused = new Set<string>();
  if (argv[2] !== "new") {
    return refused;
  }
  const types = OptionTypes.load();
  const options = new Map([...types.struct(struct)].map(([name, type]) => [flagName(name), { name, type }]));
  const flags = [...options].filter(([, { type }]) => isFlag(type, types)).map(([flag]) => flag);
  const known = flags.concat(PROJEN_FLAGS);
  const end = argv.indexOf("--");
  const words = argv.slice(3, end === -1 ? undefined : end);
  for (const [index, word] of words.entries()) {
    const [, typed, flag] = /^(--?(?:no-)?([^=]+))/.exec(word) ?? [];
    if (flag === undefined || !Number.isNaN(Number(flag)) || known.includes(flagName(flag)) || known.includes(flag)) {
      continue;
    }
    const refuse = (rule: string, fix: string) => issues.add(typed, valueOf(words, index), rule, fix);
    const option = options.get(flagName(flag.split(".")[0]));
    if (option !== undefined) {
      refused.add(option.name);
      refuse("the command line takes texts, numbers, yes and no, lists and enums only", "write it in .projenrc.ts, where an editor completes it");
    } else if (/^projenrc-js(?:on)?$/.test(flagName(flag))) {
      refuse("the options of ray-platform are written in TypeScript", "leave it out: you get a .projenrc.ts");
    } else if (!word.startsWith("--")) {
      refuse("projen new has no such flag for ray-platform", `if it is the value of ${words[index - 1]}, write ${words[index - 1]}=${word}`);
    } else {
      const near = nearestKey(flag, known);
      refuse(
        "projen new has no such flag for ray-platform",
        near === undefined ? `use one of ${flags.map((name) => `--${name}`).join(", ")}` : `did you mean --${near}?`,
      );
    }
  }
  return refused;
}

/** What was typed for a flag; `true` if nothing was, as yargs has it. */
function valueOf(words: readonly string[], index: number): string | true {
  const assigned = words[index].indexOf("=");
  if (assigned !== -1) {
    return words[index].slice(assigned + 1);
  }
  const next = words[index + 1];
  return next === undefined || next.startsWith("-") ? true : next;
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
