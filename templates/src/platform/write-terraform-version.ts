// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "./platform-config";

/**
 * Writes `versions.tf` next to each stack. It is a file of its own because Checkov stops at a `required_version` in Terraform
 * JSON, and cdktf has no field for it.
 *
 * @param outdir directory that stacks are synthesized to
 */
export function writeTerraformVersion(outdir: string, { terraformVersion }: PlatformConfig): void {
  const stacks = join(outdir, "stacks");
  for (const stack of readdirSync(stacks)) {
    writeFileSync(
      join(stacks, stack, "versions.tf"),
      `terraform {\n  required_version = ${JSON.stringify(terraformVersion)}\n}\n`,
    );
  }
}
