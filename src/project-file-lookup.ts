// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { relative, resolve } from "node:path";
import type { Project } from "projen/lib/project";

const askedPaths = new WeakMap<Project, Set<string>>();

/**
 * Whether this path was looked up before. projen walks the whole project for each of some hundred lookups. Every file looks up its
 * own path before it is added, so a path that is looked up for the first time has no file.
 *
 * Paths are kept relative to the project's directory, which changes while files are staged.
 */
export function wasAskedBefore(root: Project, path: string): boolean {
  const paths = askedPaths.get(root) ?? new Set();
  askedPaths.set(root, paths);
  const below = relative(root.outdir, resolve(root.outdir, path));
  const wasAsked = paths.has(below);
  paths.add(below);
  return wasAsked;
}
