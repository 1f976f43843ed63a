// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { UserError } from "./user-error.js";

/**
 * Reads options from a YAML or JSON file: the object that `.projenrc.ts` passes, with enums as on the command line.
 * @param {string} path @returns {Promise<Record<string, any>>}
 */
export async function readAnswersFile(path) {
  const { parse } = await import("yaml");
  let value;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`--answers ${path}: ${/** @type {Error} */ (error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(`--answers ${path}: it must hold an object of options, such as: awsRegion: eu-west-1`);
  }
  return value;
}
