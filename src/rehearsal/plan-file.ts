// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readForeignText } from "../foreign-file";
import { type JsonObject, parseObject } from "../json-object";

/** What `terraform show -json` wrote into a file; undefined for a file that cannot be read, or is no JSON object. */
export function planIn(file: string): JsonObject | undefined {
  try {
    return parseObject(readForeignText(file));
  } catch {
    return undefined;
  }
}
