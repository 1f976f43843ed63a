// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, parseObject } from "../../json-object";

/** What a directory's package.json says; nothing if there is none, or none that can be read: whoever needs it says so. */
export function readManifest(directory: string): JsonObject {
  try {
    return parseObject(readFileSync(join(directory, "package.json"), "utf8")) ?? {};
  } catch {
    return {};
  }
}
