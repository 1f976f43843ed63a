// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "./core.js";

/** @typedef {ReturnType<typeof core.platformOptions>[number]} OptionDescription */
/** @typedef {OptionDescription["type"]} ValueDescription */

/** @type {readonly OptionDescription[] | undefined} */
let tree;

/** All options of a platform. `outdir` is the directory that one stands in. */
export function optionTree() {
  tree ??= core.platformOptions().filter(({ name }) => name !== "outdir");
  return tree;
}

/** An option by its name. @param {string} name */
export function topLevelOption(name) {
  return /** @type {OptionDescription} */ (optionTree().find((option) => option.name === name));
}

/** `awsRegion` as a flag: `aws-region`. @param {string} name */
export function kebab(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value at a path such as `network.vpcCidr`. @param {Record<string, any>} values @param {readonly (string | number)[]} path */
export function valueAt(values, path) {
  return path.reduce((/** @type {any} */ value, key) => value?.[key], values);
}

/**
 * Sets or removes a value, and removes structs that become empty by that.
 * @param {Record<string, any>} values @param {readonly (string | number)[]} path @param {unknown} value
 */
export function setAt(values, path, value) {
  const [key, ...rest] = path;
  if (rest.length === 0) {
    if (value === undefined) {
      delete values[key];
    } else {
      values[key] = value;
    }
    return;
  }
  values[key] ??= typeof rest[0] === "number" ? [] : {};
  setAt(values[key], rest, value);
  if (Object.keys(values[key]).length === 0) {
    delete values[key];
  }
}

/** A path as error messages of the core have it: `pools[0].maxSize`. @param {readonly (string | number)[]} path */
export function pathText(path) {
  return path.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}
