// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ResolvedOptions, resolveOptions } from "../../src/config/resolve-options";
import { type OptionIssue, OptionsError } from "../../src/options/option-issues";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { renderProject } from "../../src/sync/run/render-project";

/** Options of a platform; the name may be left out. */
export type Options = Partial<RayPlatformProjectOptions>;

const NO_PROCESS = { argv: [], env: {} };

/** Checks and resolves options as the project does. */
export function resolve(options: Options): ResolvedOptions {
  return resolveOptions({ name: "platform", ...options }, NO_PROCESS);
}

/** Everything that is wrong with options. */
export function issuesOf(options: Options): readonly OptionIssue[] {
  try {
    resolve(options);
    return [];
  } catch (error) {
    if (error instanceof OptionsError) {
      return error.issues;
    }
    throw error;
  }
}

/** Files of the generated repository by path, rendered without writing any. */
export function filesOf(options: Options): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), "options-"));
  try {
    const project = new RayPlatformProject({ name: "platform", ...options, outdir: directory });
    return Object.fromEntries([...renderProject(project).files].map(([path, { content }]) => [path, String(content)]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
