// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join, relative, sep } from "node:path";
import type { Project } from "projen/lib/project";

/** A project's path, relative to the root project, with `/`. */
export function rootRelative(project: Project, path: string): string {
  return relative(project.root.outdir, join(project.outdir, path)).split(sep).join("/");
}
