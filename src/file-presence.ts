// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import { ExplainedError } from "./explained-error";

/** What the system says of a path where there is nothing: the second, where a directory of it is a file. */
const ABSENT = ["ENOENT", "ENOTDIR"];

/**
 * Whether there is anything at a path. `existsSync` calls missing what it may not look at, and a check that passes over
 * what is missing would pass over it. A link is there, wherever it leads: whoever reads it says what is wrong with it.
 *
 * @throws ExplainedError for a path that cannot be looked at
 */
export function isThere(path: string): boolean {
  return looked(path, () => lstatSync(path, { throwIfNoEntry: false }) !== undefined, false);
}

/** Whether there is a file, or a link to one. @throws ExplainedError for a path that cannot be looked at */
export function isFileThere(path: string): boolean {
  return looked(path, () => statSync(path, { throwIfNoEntry: false })?.isFile() === true, false);
}

/** What is in a directory, by name; nothing where there is none. @throws ExplainedError for one that cannot be read */
export function entriesOf(directory: string): Dirent[] {
  const entries = looked(directory, () => readdirSync(directory, { withFileTypes: true }), []);
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Names of what is in a directory, sorted; none where there is none. @throws ExplainedError for one that cannot be read */
export function namesIn(directory: string): string[] {
  return entriesOf(directory).map(({ name }) => name);
}

function looked<T>(path: string, look: () => T, absent: T): T {
  try {
    return look();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (ABSENT.includes(code)) {
      return absent;
    }
    throw new ExplainedError(`${path} cannot be read: ${message}`);
  }
}
