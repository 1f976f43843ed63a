// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { namesIn } from "../../file-presence";

const README = "README.md";

/** Name of a repository's README, which its user may have written in another case: `readme.md`. */
export function readmeName(root: string): string {
  const names = namesIn(root); // None where the run that asks makes the directory.
  return names.includes(README) ? README : (names.find((name) => name.toLowerCase() === "readme.md") ?? README);
}
