// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";

const README = "README.md";

/** Name of a repository's README, which its user may have written in another case: `readme.md`. */
export function readmeName(root: string): string {
  let names: string[];
  try {
    names = readdirSync(root);
  } catch {
    return README; // The directory is made by the run that asks.
  }
  return names.includes(README) ? README : (names.find((name) => name.toLowerCase() === "readme.md") ?? README);
}
