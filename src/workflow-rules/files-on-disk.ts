// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { entriesOf, isFileThere, isThere } from "../file-presence";
import { readForeignText } from "../foreign-file";

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
/** What tools write into the root. Elsewhere these are names like any other: `.github/actions/build` is somebody's own. */
const DIRECTORIES_OF_TOOLS: readonly string[] = [".projen", ".ray-platform", "build", "cdktf.out", "coverage"];

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

/**
 * Symbolic links to directories are not followed: what they lead to lies elsewhere, or is found there. A file by another's name
 * is that file to whoever runs it.
 */
function walk(root: string, directory: string): AutomationFile[] {
  return readableEntries(root, directory).flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      const isTools = directory === "" && DIRECTORIES_OF_TOOLS.includes(entry.name);
      // A submodule is another repository.
      const isOfOthers = DIRECTORIES_OF_OTHERS.includes(entry.name) || isThere(join(root, path, ".git"));
      return isTools || isOfOthers ? [] : walk(root, path);
    }
    const kind = automationKind(path);
    return kind !== undefined && (entry.isFile() || isLinkToFile(root, path, entry)) ? [{ path, kind }] : [];
  });
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
