// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The oldest Node.js that this package supports, as its package.json says. */
const OLDEST = [20, 9];

/** What to say of a Node.js that is too old; undefined for one that is not. */
export function nodeProblem(version: string): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return isOld ? `ray-platform needs Node.js ${OLDEST.join(".")} or newer, and this is ${version}` : undefined;
}
