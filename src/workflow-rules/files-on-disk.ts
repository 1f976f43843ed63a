// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { entriesOf, isFileThere, isThere } from "../file-presence";
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { leadInto, localPaths } from "./local-uses";

/** What GitHub reads as automation, by where it lies. */
export type AutomationKind = "workflow" | "action" | "dependabot";

/** A file of a repository that GitHub runs, or reads to run something. */
export interface AutomationFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly kind: AutomationKind;
}

/** What was installed or checked out, and nobody wrote by hand, wherever it is. */
const DIRECTORIES_OF_OTHERS: readonly string[] = [".git", ".terraform", ".tox", ".venv", "node_modules", "venv"];
/** What tools write into the root. */
const OUTPUT_AT_TOP: readonly string[] = [".projen", ".ray-platform", "build", "cdktf.out", "coverage"];
/** What tools write beside the `package.json` of a package. Elsewhere these are names like any other: `ci/build` is somebody's own. */
const OUTPUT_OF_PACKAGES: readonly string[] = ["build", "coverage", "dist", "out"];

/** What kind of automation a path is; undefined for every other file. */
export function automationKind(path: string): AutomationKind | undefined {
  // In capitals too: which of them are read is GitHub's to change.
  if (/^\.github\/workflows\/[^/]+\.ya?ml$/i.test(path)) {
    return "workflow";
  }
  if (/^\.github\/dependabot\.ya?ml$/i.test(path)) {
    return "dependabot";
  }
  return /(^|\/)action\.ya?ml$/i.test(path) ? "action" : undefined;
}

/**
 * Every workflow, action and Dependabot configuration below a directory, wherever it lies, by path. What tools write there is left
 * out, for a checkout has none of it, unless what is found names an action in it by its path.
 */
export function automationFiles(root: string): AutomationFile[] {
  const named = new Set<string>();
  for (;;) {
    const passed: string[] = [];
    const files = walk(root, "", (directory) => leadInto(named, directory), passed);
    // To look is quicker than to read every workflow, and nearly always all that is needed.
    const withActions = passed.filter((directory) => walk(root, directory, () => true, []).length > 0);
    for (const path of withActions.length === 0 ? [] : files.flatMap((file) => localPathsOf(root, file))) {
      named.add(path);
    }
    // An action in one of them may name the next.
    if (!withActions.some((directory) => leadInto(named, directory))) {
      return files.sort((one, other) => (one.path < other.path ? -1 : 1));
    }
  }
}

function localPathsOf(root: string, { path }: AutomationFile): string[] {
  try {
    return localPaths(automationText(root, path));
  } catch (error) {
    // Whoever checks it says what is wrong with it.
    if (error instanceof ExplainedError) {
      return [];
    }
    throw error;
  }
}

/** The text of such a file. */
export function automationText(root: string, path: string): string {
  return readForeignText(join(root, path));
}

/**
 * Symbolic links to directories are not followed: what they lead to lies elsewhere, or is found there. A file by another's name
 * is that file to whoever runs it.
 *
 * @param isNamed whether something in a directory is used by its path
 * @param passed gets the directories that are left out although an action in them might be used
 */
function walk(
  root: string,
  directory: string,
  isNamed: (directory: string) => boolean,
  passed: string[],
): AutomationFile[] {
  const entries = readableEntries(root, directory);
  const output = outputIn(directory, entries);
  return entries.flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      const isOutput = output.includes(entry.name) && !isNamed(path);
      // A submodule is another repository.
      const isOfOthers = DIRECTORIES_OF_OTHERS.includes(entry.name) || isThere(join(root, path, ".git"));
      if (isOutput && !isOfOthers) {
        passed.push(path);
      }
      return isOutput || isOfOthers ? [] : walk(root, path, isNamed, passed);
    }
    const kind = automationKind(path);
    return kind !== undefined && (entry.isFile() || isLinkToFile(root, path, entry)) ? [{ path, kind }] : [];
  });
}

/** Names of directories that tools write into a directory. Below `.github` everything is GitHub's to read. */
function outputIn(directory: string, entries: readonly Dirent[]): readonly string[] {
  if (directory === "") {
    return OUTPUT_AT_TOP;
  }
  const isPackage = !/^\.github(\/|$)/i.test(directory) && entries.some(({ name }) => name === "package.json");
  return isPackage ? OUTPUT_OF_PACKAGES : [];
}

function isLinkToFile(root: string, path: string, entry: Dirent): boolean {
  return entry.isSymbolicLink() && isFileThere(join(root, path));
}

/**
 * A directory that cannot be read, such as the volume of a container, is not of the checkout: git makes none. Where GitHub
 * looks for workflows it is an error all the same.
 */
function readableEntries(root: string, directory: string): Dirent[] {
  const path = join(root, directory);
  if (directory === "" || /^\.github(\/workflows)?$/.test(directory)) {
    return entriesOf(path);
  }
  try {
    return entriesOf(path);
  } catch {
    return [];
  }
}
