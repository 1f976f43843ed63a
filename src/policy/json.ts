// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at a key; an empty one where there is none. */
export function objectAt(from: unknown, key: string): JsonObject {
  const value = isObject(from) ? from[key] : undefined;
  return isObject(value) ? value : {};
}

/** The array at a key, or the single value there as one; cdktf writes either. */
export function listAt(from: unknown, key: string): readonly unknown[] {
  const value = isObject(from) ? from[key] : undefined;
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
