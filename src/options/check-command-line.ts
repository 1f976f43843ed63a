// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { flagName } from "./command-line-values";
import type { IssueList } from "./option-issues";
import { nearestKey } from "../nearest-key";
import { OptionTypes, type TypeReference } from "./option-types";

/** Flags of `projen new` itself, and yargs' own. */
const PROJEN_FLAGS = [
  "from",
  "f",
  "synth",
  "post",
  "git",
  "comments",
  "outdir",
  "projen-version",
  "projenrc-ts",
  "debug",
  "watch",
  "w",
  "help",
  "h",
  "version",
];

/** Those of them that take no value. */
const PROJEN_SWITCHES = ["synth", "post", "git", "comments", "debug", "watch", "w", "help", "h", "version"];

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
    const before = /^--([^=]+)$/.exec(words[index - 1] ?? "")?.[1];
    if (!word.startsWith("--") && before !== undefined) {
      refused.add(options.get(flagName(before))?.name ?? before);
      issues.add(
        `--${before}`,
        word,
        "a value that starts with a hyphen is taken for a flag",
        `write --${before}=${word}`,
      );
      continue;
    }
    const refuse = (rule: string, fix: string) => issues.add(typed, valueTyped(words, index), rule, fix);
    const option = options.get(flagName(flag.split(".")[0]));
    if (option !== undefined) {
      refused.add(option.name);
      refuse(
        "the command line takes only strings, numbers, booleans, lists and enums",
        "write it in .projenrc.ts, where an editor completes it",
      );
    } else if (/^projenrc-js(?:on)?$/.test(flagName(flag))) {
      refuse("the options of ray-platform are written in TypeScript", "leave it out: you get a .projenrc.ts");
    } else {
      const near = nearestKey(flag, known);
      refuse(
        "projen new has no such flag for ray-platform",
        near === undefined ? `use one of ${flags.map((name) => `--${name}`).join(", ")}` : `did you mean --${near}?`,
      );
    }
  }
  for (const word of positionals(words).slice(1)) {
    issues.add(
      word,
      word,
      "belongs to no flag, and would be ignored",
      "give the items of a list one by one: --environment-names dev --environment-names prod",
    );
  }
  return refused;
}

/** Words that are neither flags nor their values. The first one names the project type. */
function positionals(words: readonly string[]): string[] {
  const takesValue = (flag: string) =>
    /^--?[^=]+$/.test(flag) && !/^--no-/.test(flag) && !PROJEN_SWITCHES.includes(flag.replace(/^--?/, ""));
  return words.filter((word, index) => !word.startsWith("-") && (index === 0 || !takesValue(words[index - 1])));
}

/** What was typed for a flag; `true` if nothing was, as yargs has it. */
function valueTyped(words: readonly string[], index: number): string | true {
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
