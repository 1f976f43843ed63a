// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { pathPattern } from "../sync/files/path-pattern";
import { CommandError } from "./command-error";

/**
 * The files that the arguments of a command name: paths, directories, or patterns with * and **. All if there are none.
 * @throws CommandError for an argument that names no generated file: most likely it is a slip of the pen
 */
export function selectedFiles<T extends { readonly path: string }>(files: readonly T[], paths: readonly string[]): T[] {
  const matchers = paths.map((path) => {
    const patterns = [pathPattern(path), pathPattern(`${path.replace(/\/+$/, "")}/`)];
    return { path, matches: (file: T) => patterns.some((pattern) => pattern.matches(file.path)) };
  });
  const unknown = matchers.filter(({ matches }) => !files.some(matches)).map(({ path }) => path);
  if (unknown.length > 0) {
    throw new CommandError(
      `no generated file matches ${unknown.join(", ")}; "npx ray-platform status" lists the generated files`,
    );
  }
  return paths.length === 0 ? [...files] : files.filter((file) => matchers.some(({ matches }) => matches(file)));
}
