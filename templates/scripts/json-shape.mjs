// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What a file of JSON must be like, told by an example: a string stands for any string, a list of one for a list of such, an object for one
// that has these keys and maybe others. A key that ends with "?" may be absent, and "*" stands for every key. A function says itself
// whether a value fits.

/** Where a value is unlike its example, in words; undefined if it fits. */
export function unlike(value, example, place = "it") {
  if (typeof example === "function") {
    return example(value) ? undefined : `${place} is not what it must be`;
  }
  if (Array.isArray(example)) {
    return Array.isArray(value)
      ? first(value.map((item, index) => unlike(item, example[0], `${place}[${index}]`)))
      : `${place} is not a list`;
  }
  if (typeof example === "object") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return `${place} is not an object`;
    }
    return first(Object.entries(example).flatMap(([key, inner]) => unlikeAt(value, key, inner, place)));
  }
  return typeof value === typeof example ? undefined : `${place} is not a ${typeof example}`;
}

function unlikeAt(value, key, example, place) {
  const at = (name) => (place === "it" ? name : `${place}.${name}`).slice(0, 200);
  if (key === "*") {
    return Object.entries(value).map(([name, item]) => unlike(item, example, at(name)));
  }
  const name = key.replace(/\?$/, "");
  if (!Object.hasOwn(value, name)) {
    return name === key ? [`${at(name)} is missing`] : [];
  }
  return [unlike(value[name], example, at(name))];
}

function first(problems) {
  return problems.find((problem) => problem !== undefined);
}
