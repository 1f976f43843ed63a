// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platformOf } from "../../src/controls/repository-facts";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { synthesize } from "../templates/synthesize";

/** Generates a repository with its stacks, without installing anything. @returns its directory */
export function synthesizedRepository(options: RayPlatformProjectOptions): string {
  const root = mkdtempSync(join(tmpdir(), "synthesized-"));
  writeFileSync(join(root, ".projenrc.ts"), "// written by projen new\n");
  const before = process.env.PROJEN_DISABLE_POST;
  process.env.PROJEN_DISABLE_POST = "true"; // no npm install
  try {
    new RayPlatformProject({ ...options, outdir: root }).synth();
  } finally {
    if (before === undefined) {
      delete process.env.PROJEN_DISABLE_POST;
    } else {
      process.env.PROJEN_DISABLE_POST = before;
    }
  }
  const config = platformOf(root);
  if (config === undefined) {
    throw new Error(`nothing was generated in ${root}`);
  }
  for (const [path, text] of Object.entries(synthesize(config).files)) {
    const file = join(root, "cdktf.out", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}
