// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { entriesOf, isThere } from "../file-presence";
import { readForeignText } from "../foreign-file";

/** What GitHub reads as automation, by where it lies. */
export type AutomationKind = "workflow" | "action" | "dependabot";

/** A file of a repository that GitHub runs, or reads to run something. */
export interface AutomationFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly kind: AutomationKind;
}

/** What was installed, built or checked out there, and nobody wrote by hand. */
const DIRECTORIES_OF_OTHERS: readonly string[] = [
  ".git",
  ".projen",
  ".ray-platform",
  ".terraform",
  ".tox",
  ".venv",
  "build",
  "cdktf.out",
  "coverage",
  "node_modules",
  "venv",
];

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

/** Every workflow, action and Dependabot configuration below a directory, wherever it lies, by path. */
export function automationFiles(root: string): AutomationFile[] {
  return walk(root, "").sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The text of such a file. */
export function automationText(root: string, path: string): string {
  return readForeignText(join(root, path));
}

/** Symbolic links are not followed: what they point to lies elsewhere, or is found there. */
function walk(root: string, directory: string): AutomationFile[] {
  return readableEntries(root, directory).flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      // A submodule is another repository.
      const isOfOthers = DIRECTORIES_OF_OTHERS.includes(entry.name) || isThere(join(root, path, ".git"));
      return isOfOthers ? [] : walk(root, path);
    }
    const kind = entry.isFile() ? automationKind(path) : undefined;
    return kind === undefined ? [] : [{ path, kind }];
  });
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
