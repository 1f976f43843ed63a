// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "./platform-config";

/**
 * Removes what an earlier synth wrote for environments that are gone: it must not be judged or deployed. The directories
 * of the present stacks stay, for Terraform keeps its lock file and its providers there.
 */
export function removeStaleOutput(outdir: string, { environments }: PlatformConfig): void {
  for (const kind of ["stacks", "scannable", "manifests", "values"]) {
    const directory = join(outdir, kind);
    for (const name of existsSync(directory) ? readdirSync(directory) : []) {
      if (!environments.some((environment) => name.startsWith(`${environment.name}-`))) {
        rmSync(join(directory, name), { recursive: true, force: true });
      }
    }
  }
}
