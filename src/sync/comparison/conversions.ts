// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join, posix } from "node:path";
import { isThere } from "../../file-presence";
import { readForeignText } from "../../foreign-file";
import { git } from "./git";

/** Attributes by which git writes something else into a checkout than it keeps. Line ends are compared as they lie there. */
const CONVERTING = ["filter", "ident", "working-tree-encoding"];

const ATTRIBUTES = ".gitattributes";
/** More than any list of attributes needs, in bytes. */
const MOST_BYTES = 2 ** 20;
const NOT_SET: ReadonlySet<string> = new Set(["unspecified", "unset"]);

/**
 * Looks for files that git converts: a checkout is what is compared, and a commit is what GitHub reads. Starts git only if a list
 * of attributes speaks of such a thing.
 * @returns what to say of each, by its path
 */
export function convertedFiles(root: string, paths: readonly string[]): Map<string, string> {
  const directories = new Set(paths.flatMap(directoriesAbove));
  if (![...directories].some((directory) => speaksOfConversion(join(root, directory, ATTRIBUTES)))) {
    return new Map();
  }
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(""));
  const { stdout } = git(root, ["check-attr", "-z", "--stdin", ...CONVERTING], input);
  const answers = stdout.toString("utf8").split("\0");
  const found = new Map<string, string>();
  for (let at = 0; at + 2 < answers.length; at += 3) {
    const [path = "", attribute, value = ""] = answers.slice(at, at + 3);
    if (!NOT_SET.has(value)) {
      found.set(path, `git keeps something else than it checks out: its attribute ${attribute} is ${value}`);
    }
  }
  return found;
}

function directoriesAbove(path: string): string[] {
  const parts = posix.dirname(path).split("/");
  return [".", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

function speaksOfConversion(file: string): boolean {
  if (!isThere(file)) {
    return false;
  }
  try {
    const text = readForeignText(file, MOST_BYTES);
    return CONVERTING.some((attribute) => text.includes(attribute));
  } catch {
    return true; // Git says what it makes of it.
  }
}
