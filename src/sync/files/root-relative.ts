// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { Project } from "projen/lib/project";
import { portableRelative } from "../../portable-path";

/** A project's path, relative to the root project, with `/`. */
export function rootRelative(project: Project, path: string): string {
  return portableRelative(project.root.outdir, join(project.outdir, path));
}
