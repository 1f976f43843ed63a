// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, objectOf } from "../json-object";

/** The object at a key; an empty one where there is none. */
export function objectAt(from: unknown, key: string): JsonObject {
  return objectOf(objectOf(from)[key]);
}

/** The array at a key, or the single value there as one; cdktf writes either. */
export function listAt(from: unknown, key: string): readonly unknown[] {
  const value = objectOf(from)[key];
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
