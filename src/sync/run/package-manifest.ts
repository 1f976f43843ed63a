// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { decodeText } from "../../decode-text";
import { readForeignFile } from "../../foreign-file";
import { type JsonObject, parseObject } from "../../json-object";

/** What a directory's package.json says; nothing if there is none, or none that can be read: whoever needs it says so. */
export function readManifest(directory: string): JsonObject {
  try {
    return parseObject(decodeText(readForeignFile(join(directory, "package.json")))) ?? {};
  } catch {
    return {};
  }
}
