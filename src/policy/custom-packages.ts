// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { entriesBelow } from "./entries-below";

/** More text than anybody's policies have. */
const MOST_BYTES = 1 << 20;

/** OPA unpacks such an archive, and loads what is in it. */
const BUNDLE = /\.tar\.gz$/;

/** The packages whose `deny` and `warn` are read. */
const ENTRYPOINTS = ["custom.terraform", "custom.ray"];

interface RegoFile {
  readonly file: string;
  readonly name: string;
  /** Names of its rules. */
  readonly rules: ReadonlySet<string>;
  /** Paths below `data` that the file refers to. */
  readonly references: readonly string[];
}

/**
 * Checks that each package of custom Rego is read: as an entrypoint, or by what an entrypoint imports. OPA has no value
 * for a path that does not exist, so a misspelled package or import would silence its rules.
 *
 * @param directory where the custom Rego lies.
 * @param libraries directories with packages that it may import.
 * @throws ExplainedError with every package that nothing reads, and every import that leads nowhere.
 */
export function checkCustomPackages(directory: string, libraries: readonly string[]): void {
  const custom = regoFiles(directory);
  const known = [...custom, ...libraries.flatMap(regoFiles)];
  const read = readPackages(custom);
  const problems = [
    ...custom
      .filter(({ name }) => !read.has(name))
      .map(({ file, name }) => `${file}: nothing reads the package ${name}; use ${ENTRYPOINTS.join(" or ")}`),
    ...custom.flatMap(({ file, references }) =>
      references
        .filter((reference) => !resolves(reference, known))
        .map((reference) => `${file}: data.${reference} leads nowhere`),
    ),
  ];
  if (problems.length > 0) {
    throw new ExplainedError(problems.join("\n"));
  }
}

/**
 * Refuses what is no file of a reasonable size: OPA follows links, and reads whatever they lead to to its end.
 * @throws ExplainedError with every such entry
 */
export function checkPolicyFiles(directory: string): void {
  const files = lstatSync(directory).isDirectory() ? entriesBelow(directory) : [""];
  const problems = files.flatMap((name) => {
    const stat = lstatSync(join(directory, name));
    const isBundle = BUNDLE.test(name);
    if ((name !== "" && stat.isDirectory()) || (stat.isFile() && stat.size <= MOST_BYTES && !isBundle)) {
      return [];
    }
    const problem = !stat.isFile()
      ? "not a file but a link or a device"
      : isBundle
        ? "a bundle, whose Rego is not read"
        : "larger than 1 MiB";
    return [`${join(directory, name)} is ${problem}: take it out of the policies`];
  });
  if (problems.length > 0) {
    throw new ExplainedError(problems.join("\n"));
  }
}

function regoFiles(directory: string): RegoFile[] {
  return entriesBelow(directory)
    .filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"))
    .filter((name) => lstatSync(join(directory, name)).isFile())
    .map((name) => {
      const file = join(directory, name);
      const text = withoutComments(readForeignText(file, MOST_BYTES));
      const references = [...text.matchAll(/\bdata((?:\.[A-Za-z_]\w*)+)/g)].map(([, path]) => path!.slice(1));
      const rules = new Set([...text.matchAll(/^(?:default[ \t]+)?([A-Za-z_]\w*)/gm)].map(([, rule]) => rule!));
      const packageName = /^package[ \t]+([\w.]+)/m.exec(text)?.[1] ?? "";
      return { file, name: packageName, rules, references: [...new Set(references)] };
    });
}

// Comments and texts may speak of anything.
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|#.*$/gm, (found) => (found.startsWith("#") ? "" : '""'));
}

// Entrypoints, and what they lead to.
function readPackages(custom: readonly RegoFile[]): ReadonlySet<string> {
  const read = new Set(ENTRYPOINTS);
  for (let size = 0; size !== read.size; ) {
    size = read.size;
    for (const { name, references } of custom) {
      if (read.has(name)) {
        for (const other of custom) {
          if (references.some((reference) => isWithin(reference, other.name) || isWithin(other.name, reference))) {
            read.add(other.name);
          }
        }
      }
    }
  }
  return read;
}

// A package, what packages lie in, or a rule of a package. Limits are data.
function resolves(reference: string, known: readonly RegoFile[]): boolean {
  return (
    isWithin(reference, "limits") ||
    known.some(({ name }) => isWithin(name, reference)) ||
    known.some(
      ({ name, rules }) => isWithin(reference, name) && rules.has(reference.slice(name.length + 1).split(".")[0]!),
    )
  );
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}.`);
}
