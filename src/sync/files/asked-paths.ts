// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { relative, resolve } from "node:path";
import type { Project } from "projen/lib/project";

const asked = new WeakMap<Project, Set<string>>();

/**
 * Whether a file may be at a path of a root project. projen walks through everything for that answer, once for each of some
 * hundred files. Each file asks its root before it is added: where nobody has asked, there is none.
 *
 * Paths are remembered from the project's directory, which is another one while files are staged.
 */
export function mayHaveFile(root: Project, path: string): boolean {
  const paths = asked.get(root) ?? new Set();
  asked.set(root, paths);
  const below = relative(root.outdir, resolve(root.outdir, path));
  const isKnown = paths.has(below);
  paths.add(below);
  return isKnown;
}
