// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from "node:path";
import { isThere } from "../file-presence";
import { ExplainedError } from "../explained-error";
import { readForeignFile, readForeignStream } from "../foreign-file";
import { isObject, parseJson } from "../json-object";
import { decodeText } from "../decode-text";
import type { Limits } from "./load-policies";

// A bundle for OPA reads `data.json` only. The second is where the limits used to be: it holds until the repository is
// regenerated.
const LIMITS_FILES = [join("policies", "data.json"), join("policies", "data", "limits.json")];

/**
 * The limits that hold in a repository.
 *
 * @param cwd what a given path is relative to
 * @param root of the repository
 * @param path a file of limits instead of the repository's own
 * @returns undefined where there are none: those of the policies hold
 * @throws ExplainedError for a file that cannot be read, or that has no limits
 */
export function repositoryLimits(cwd: string, root: string, path?: string): Limits | undefined {
  const file = path ?? LIMITS_FILES.find((candidate) => isThere(join(root, candidate)));
  if (file === undefined) {
    return undefined;
  }
  let data: unknown;
  try {
    const bytes = path === undefined ? readForeignFile(join(root, file)) : readForeignStream(resolve(cwd, path));
    data = parseJson(decodeText(bytes));
  } catch (error) {
    throw new ExplainedError(`the limits cannot be read: ${file}: ${(error as Error).message}`);
  }
  if (!isObject(data) || !isObject(data.limits)) {
    throw new ExplainedError(`${file} must be {"limits": {"terraform": {...}, "ray": {...}}}`);
  }
  return data.limits;
}
