// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { inc } from "semver";

/** Version of the first release. */
const FIRST = "0.1.0";

/**
 * The version after a release, by Semantic Versioning: a break moves the major version, a feature the minor one, a fix the
 * patch. Below 1.0.0 the API is not stable, and each moves the place below.
 *
 * @param {string | undefined} previous version of the last release; undefined before the first
 * @param {readonly import("./conventional-commits.mjs").ConventionalCommit[]} commits those since
 * @returns {string | undefined} undefined if no commit changes what users have
 */
export function nextVersion(previous, commits) {
  if (previous === undefined) {
    return commits.length === 0 ? undefined : FIRST;
  }
  const isStable = !previous.startsWith("0.");
  const places = isStable ? ["major", "minor", "patch"] : ["minor", "patch", "patch"];
  const is = [
    commits.some(({ isBreaking }) => isBreaking),
    commits.some(({ type }) => type === "feat"),
    commits.some(({ type }) => type === "fix" || type === "perf" || type === "revert"),
  ];
  const place = places[is.indexOf(true)];
  return place === undefined ? undefined : inc(previous, place);
}
