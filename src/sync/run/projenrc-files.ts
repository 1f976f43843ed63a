// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../../file-presence";

/** Names under which a projenrc is found; the first that exists is run. */
export const PROJENRC_FILES: readonly string[] = [".projenrc.ts", ".projenrc.js"];

/** Name of the projenrc that a project has. */
export function projenrcOf(root: string): string | undefined {
  return PROJENRC_FILES.find((name) => isThere(join(root, name)));
}
