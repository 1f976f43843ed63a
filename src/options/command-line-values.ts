// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { basename } from "node:path";
import { OptionTypes, type TypeReference } from "./option-types";

const PROJECT_NAME_LENGTH = 30;

/**
 * Undoes what `projen new` does to values on their way from the command line to the options.
 *
 * Its argument parser makes numbers of everything that looks like one, so that an account id is no string and Kubernetes
 * 1.30 becomes 1.3; the text is taken from the command line again. So it is for an enum value that does not exist, which
 * arrives as `undefined`. And a project that is not named there gets the directory's name, which may hold characters that
 * no AWS name has.
 *
 * @param options what the parser made of the flags
 * @param argv the process's arguments, `["node", "projen", "new", ...]`
 */
export function commandLineValues<T extends object>(
  options: T,
  argv: readonly string[],
  struct: string,
  directory: string,
): T {
  const all = OptionTypes.load();
  const types = all.struct(struct);
  const values = { ...options } as Record<string, unknown>;
  for (const [key, value] of Object.entries(values)) {
    const type = types.get(key);
    if (type?.primitive === "string" && typeof value === "number") {
      values[key] = flagTexts(argv, key)[0] ?? String(value);
    } else if (type?.fqn !== undefined && value === undefined && all.enumMembers(type.fqn) !== undefined) {
      values[key] = flagTexts(argv, key)[0];
    } else if (isStringList(type) && Array.isArray(value) && value.some((item) => typeof item === "number")) {
      const texts = flagTexts(argv, key);
      values[key] = value.map((item, index) => (typeof item === "number" ? (texts[index] ?? String(item)) : item));
    }
  }
  if (values.name === basename(directory) && flagTexts(argv, "name").length === 0) {
    values.name = projectName(basename(directory));
  }
  return values as T;
}

/** The nearest name to a directory's that AWS, Kubernetes and npm all accept. */
export function projectName(directory: string): string {
  const name = directory
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, PROJECT_NAME_LENGTH)
    .replace(/-$/, "");
  return name === "" ? "ray-platform" : name;
}

/** Texts given for an option: `--aws-account-id 1`, `--aws-account-id=1`, `--awsAccountId 1`, `--zones a b --zones c`. */
function flagTexts(argv: readonly string[], option: string): string[] {
  const texts: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(argv[i]);
    if (match === null || ![option, flagName(option)].includes(match[1])) {
      continue;
    }
    if (match[2] !== undefined) {
      texts.push(match[2]);
    }
    while (match[2] === undefined && i + 1 < argv.length && !argv[i + 1].startsWith("--")) {
      texts.push(argv[++i]);
    }
  }
  return texts;
}

/** Flag of an option, as projen derives it: `awsAccountId` is `aws-account-id`. */
export function flagName(option: string): string {
  return option.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

function isStringList(type: TypeReference | undefined): boolean {
  return type?.collection?.kind === "array" && type.collection.elementtype.primitive === "string";
}
