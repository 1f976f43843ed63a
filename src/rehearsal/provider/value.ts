// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What Terraform learns only at apply. */
export const UNKNOWN = Symbol("known after apply");

/** A value of Terraform's language. Lists and sets are arrays, maps and objects are records. */
export type Value =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | readonly Value[]
  | { readonly [name: string]: Value };

export type ObjectValue = { readonly [name: string]: Value };

export function isObjectValue(value: Value): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether something in the value is known only after apply. */
export function hasUnknown(value: Value): boolean {
  return (
    value === UNKNOWN ||
    (Array.isArray(value) && value.some(hasUnknown)) ||
    (isObjectValue(value) && Object.values(value).some(hasUnknown))
  );
}

/** Whether two values are the same; the order of a list counts, that of an object does not. */
export function equalValues(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equalValues(item, b[index] as Value));
  }
  if (isObjectValue(a) && isObjectValue(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => name in b && equalValues(a[name] as Value, b[name] as Value))
    );
  }
  return a === b;
}
