// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The Rego below a directory that is evaluated: no tests. */
export function regoBelow(directory: string): string[] {
  return entriesBelow(directory).filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"));
}

/** Everything below a directory, relative to it, sorted. Links are listed, and not followed. */
export function entriesBelow(directory: string, below = ""): string[] {
  return readdirSync(join(directory, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return [path, ...(entry.isDirectory() ? entriesBelow(directory, path) : [])];
    });
}
