// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { type JsonObject, parseObject } from "../json-object";

/** What `terraform show -json` wrote into a file; undefined for a file that cannot be read, or is no JSON object. */
export function planIn(file: string): JsonObject | undefined {
  try {
    return parseObject(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
