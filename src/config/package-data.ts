// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Root of this package: data, templates, policies and workflows lie there. */
export const PACKAGE_ROOT = join(__dirname, "..", "..");

const cache = new Map<string, unknown>();

/** Reads `data/<name>.json`. Facts that change with time live there, not in code. */
export function packageData<T>(name: string): T {
  if (!cache.has(name)) {
    cache.set(name, JSON.parse(readFileSync(join(PACKAGE_ROOT, "data", `${name}.json`), "utf8")));
  }
  return cache.get(name) as T;
}
