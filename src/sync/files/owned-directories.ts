// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join, posix } from "node:path";
import { entriesOf } from "../../file-presence";
import { visible } from "../../log-text";
import { foldedName } from "./folded-name";
import type { OwnershipClass } from "./ownership";
import { pathPattern } from "./path-pattern";

/** A directory that is generated as a whole: whatever else lies in it would be deployed, loaded or run with the rest. */
export interface OwnedDirectory {
  readonly path: string;
  /** Where this package keeps what it copies there, byte for byte. */
  readonly original: string;
  /** Directories below it that are the user's. */
  readonly except?: readonly string[];
  /** Files in it that are rendered from the options. */
  readonly rendered?: readonly string[];
}

export const OWNED_DIRECTORIES: readonly OwnedDirectory[] = [
  { path: "helm", original: "templates/helm" }, // Helm installs every file of a chart.
  { path: "policies", original: "policies", except: ["policies/custom"], rendered: ["data.json"] }, // OPA loads every file below.
  { path: "scripts", original: "templates/scripts" }, // Node.js looks for packages beside a script first.
  {
    path: "src/platform",
    original: "templates/src/platform",
    rendered: ["platform.json", "platform.schema.json", "scanner-exceptions.json"],
  },
];

/** Files in directories that are generated as a whole, but which no run generated. */
export interface ForeignFiles {
  /** Those that nobody answers for. */
  readonly unknown: readonly string[];
  /** Those that the option `release` names: the user's own. */
  readonly released: readonly string[];
}

/** What to say of one. */
export const FOREIGN_NOTE =
  'it is not generated, but its directory is: move it away, or take it over with the option "release"';

/**
 * Looks for what was not generated. A directory without any generated file is one find, with a `/` at its end.
 * @param generated the owner of each generated file. A directory with files that are the user's is not looked at.
 * @param releases patterns of the option `release`
 */
export function foreignFiles(
  root: string,
  generated: ReadonlyMap<string, OwnershipClass>,
  releases: readonly string[],
): ForeignFiles {
  const patterns = releases.map(pathPattern);
  const found = OWNED_DIRECTORIES.flatMap((directory) =>
    isWhollyGenerated(directory, generated)
      ? [...namesakesOf(root, directory.path), ...foreignBelow(root, directory, generated)]
      : [],
  );
  const isReleased = (path: string) => patterns.some((pattern) => pattern.matches(path));
  return { unknown: found.filter((path) => !isReleased(path)).map(printable), released: found.filter(isReleased) };
}

/** A name that anybody may choose: it must not end the line that it is printed in. */
function printable(path: string): string {
  return visible(path.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}

function isWhollyGenerated(directory: OwnedDirectory, generated: ReadonlyMap<string, OwnershipClass>): boolean {
  const owners = new Set<OwnershipClass>();
  for (const [path, owner] of generated) {
    if (path.startsWith(`${directory.path}/`) && !isExcepted(directory, path)) {
      owners.add(owner);
    }
  }
  return owners.has("managed") && !owners.has("seeded") && !owners.has("block");
}

/** Whether a path is the user's, although the directory around it is not. */
export function isExcepted({ except = [] }: OwnedDirectory, path: string): boolean {
  return except.some((below) => path === below || path.startsWith(`${below}/`));
}

function foreignBelow(
  root: string,
  directory: OwnedDirectory,
  generated: ReadonlyMap<string, OwnershipClass>,
): string[] {
  const directories = new Set<string>();
  for (const path of generated.keys()) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      directories.add(path.slice(0, end));
    }
  }
  const look = (below: string): string[] =>
    entriesOf(join(root, below)).flatMap((entry) => {
      const path = `${below}/${entry.name}`;
      if (generated.has(path) || isExcepted(directory, path)) {
        return [];
      }
      if (!entry.isDirectory()) {
        return [path];
      }
      if (directories.has(path)) {
        return look(path);
      }
      return entriesOf(join(root, path)).length > 0 ? [`${path}/`] : []; // Git knows no empty directory.
    });
  return look(directory.path);
}

/**
 * What differs from a directory, or from one above it, in the case or the form of its letters alone. Where the file system
 * takes both for one, as on macOS and Windows, git puts the files of the other one into it.
 */
function namesakesOf(root: string, directory: string): string[] {
  const above = posix.dirname(directory);
  const name = posix.basename(directory);
  const entries = entriesOf(join(root, above));
  const namesakes = entries.filter((entry) => entry.name !== name && foldedName(entry.name) === foldedName(name));
  const isPresent = entries.some((entry) => entry.name === name);
  return [
    ...(above === "." ? [] : namesakesOf(root, above)),
    ...(isPresent ? namesakes : []).map((entry) => {
      const path = posix.join(above, entry.name);
      return entry.isDirectory() ? `${path}/` : path;
    }),
  ];
}
