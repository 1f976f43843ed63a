// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A commit whose message follows Conventional Commits 1.0.0.
 *
 * @typedef {{ hash: string, type: string, scope?: string, isBreaking: boolean, subject: string }} ConventionalCommit
 * @see https://www.conventionalcommits.org/en/v1.0.0/#specification
 */

const HEADER = /^(?<type>[a-zA-Z]+)(?:\((?<scope>[^()\r\n]+)\))?(?<breaking>!)?: (?<subject>\S.*)$/;
/** A footer; the specification wants it in capitals, with a blank or a hyphen. */
const BREAKING_FOOTER = /^BREAKING[ -]CHANGE: \S/m;

/** What git prints for each commit: hash, message, and bytes that no message has. */
export const LOG_FORMAT = "%H%x1f%B%x1e";

/** @param {string} log what `git log --format=LOG_FORMAT` prints @returns {ConventionalCommit[]} others are left out */
export function conventionalCommits(log) {
  return log
    .split("\x1e")
    .map((entry) => entry.trim().split("\x1f"))
    .flatMap(([hash, message = ""]) => {
      const [header, ...body] = message.split(/\r?\n/);
      const found = HEADER.exec(header ?? "")?.groups;
      if (found === undefined) {
        return [];
      }
      const { type, scope, breaking, subject } = found;
      const isBreaking = breaking !== undefined || BREAKING_FOOTER.test(body.join("\n"));
      return [{ hash, type: type.toLowerCase(), ...(scope && { scope }), isBreaking, subject }];
    });
}
