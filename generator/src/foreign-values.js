// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Values of files that somebody else wrote may have any shape: what is not as it is read says nothing.

/** @param {unknown} value @returns {value is Record<string, any>} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {Record<string, any>} */
export function objectOf(value) {
  return isObject(value) ? value : {};
}

/** The objects of a list. @param {unknown} value @returns {Record<string, any>[]} */
export function objectsOf(value) {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** @param {unknown} value @returns {string | undefined} */
export function textOf(value) {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
