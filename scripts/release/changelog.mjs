// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const UNRELEASED = "## Unreleased";
const RELEASED = /^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}$/m;

/** Version of the newest release that a changelog has; undefined before the first. @param {string} changelog */
export function newestRelease(changelog) {
  return RELEASED.exec(changelog)?.[1];
}

/**
 * A changelog whose unreleased entries are those of a version.
 *
 * @param {string} changelog @param {string} version @param {string} day as 2026-12-31
 * @throws Error if nothing is unreleased
 */
export function releaseEntries(changelog, version, day) {
  if (entriesOf(changelog, UNRELEASED) === "") {
    throw new Error(`CHANGELOG.md has no entries under "${UNRELEASED}": a release says what users notice`);
  }
  return changelog.replace(`${UNRELEASED}\n`, `${UNRELEASED}\n\n## ${version} - ${day}\n`);
}

/** What a changelog says of a version, without its heading. @param {string} changelog @param {string} version */
export function entriesOfVersion(changelog, version) {
  const heading = changelog.split("\n").find((line) => line.startsWith(`## ${version} - `));
  return heading === undefined ? "" : entriesOf(changelog, heading);
}

/** @param {string} changelog @param {string} heading */
function entriesOf(changelog, heading) {
  const start = changelog.indexOf(`${heading}\n`);
  if (start < 0) {
    return "";
  }
  const rest = changelog.slice(start + heading.length + 1);
  const end = rest.search(/^## /m);
  return (end < 0 ? rest : rest.slice(0, end)).trim();
}
