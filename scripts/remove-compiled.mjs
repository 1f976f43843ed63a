// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Removes what was compiled before. What a deleted source was compiled to would be packed and published, and the compiler leaves
// modules alone that it takes for unchanged, although scripts/join-modules.mjs has put others in their place.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const path of ["lib", "tsconfig.tsbuildinfo"]) {
  rmSync(join(ROOT, path), { recursive: true, force: true });
}
