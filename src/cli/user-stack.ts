// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { sep } from "node:path";

/**
 * Cuts from an error's stack what lies below the last line of a user's own: how we got to run their file is not what went
 * wrong. A syntax error has no such line, and its message names the place.
 *
 * @param root directory of the user's sources
 */
export function endStackAtUser(error: unknown, root: string): void {
  if (!(error instanceof Error) || error.stack === undefined) {
    return;
  }
  const lines = error.stack.split("\n");
  const isUsers = (line: string) =>
    line.startsWith("    at ") && line.includes(root + sep) && !line.includes(`${sep}node_modules${sep}`);
  const last = lines.map(isUsers).lastIndexOf(true);
  if (last >= 0) {
    error.stack = lines.slice(0, last + 1).join("\n");
  } else if (error.message.startsWith("ParseError:")) {
    error.stack = error.message;
  }
}
