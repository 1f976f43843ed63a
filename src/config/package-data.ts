// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";

const cache = new Map<string, unknown>();

/** Reads `data/<name>.json`. Facts that change with time live there, not in code. */
export function packageData<T>(name: string): T {
  if (!cache.has(name)) {
    cache.set(name, JSON.parse(readFileSync(join(PACKAGE_ROOT, "data", `${name}.json`), "utf8")));
  }
  return cache.get(name) as T;
}
