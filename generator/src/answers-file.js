// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "./core.js";
import { isObject } from "./foreign-values.js";
import { UserError } from "./user-error.js";

/**
 * Reads options from a YAML or JSON file: the object that `.projenrc.ts` passes, with enums as on the command line.
 * @param {string} path @returns {Record<string, any>}
 */
export function readAnswersFile(path) {
  const [value, ...others] = core.readYamlDocuments(`--answers ${path}`, core.readNamed(path));
  if (others.length > 0 || !isObject(value)) {
    throw new UserError(`--answers ${path}: it must contain an object of options, such as: awsRegion: eu-west-1`);
  }
  return value;
}
