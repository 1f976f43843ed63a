// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";

/** What GitHub takes at most of something, and where it says so. */
export interface GitHubLimit {
  readonly most: number;
  readonly of: string;
  readonly source: string;
}

let limits: Readonly<Record<string, GitHubLimit>> | undefined;

/** `data/github-limits.json`, by name. */
export function githubLimits(): Readonly<Record<string, GitHubLimit>> {
  limits ??= (
    JSON.parse(readFileSync(join(PACKAGE_ROOT, "data", "github-limits.json"), "utf8")) as {
      readonly limits: Readonly<Record<string, GitHubLimit>>;
    }
  ).limits;
  return limits;
}

/** How much GitHub takes. */
export function githubLimit(name: string): number {
  const limit = githubLimits()[name];
  if (limit === undefined) {
    throw new Error(`data/github-limits.json has no '${name}'`);
  }
  return limit.most;
}
