// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Absolute path of the first program of this name on the PATH; undefined if there is none. */
export function programOnPath(name: string, path = process.env.PATH ?? ""): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .map((directory) => join(directory, file))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
}
