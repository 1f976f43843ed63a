// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A release is taken when it is a week old, as upgrade.yml does it: a hijacked one has usually been withdrawn by then. */
export const COOLDOWN_DAYS = 7;
const DAY = 24 * 60 * 60 * 1000;

/**
 * A published version.
 * @typedef {{ version: string, time?: string }} Release `time` is absent where the source does not say it
 */

/**
 * The newest final release that has cooled down.
 *
 * @param {readonly Release[]} releases in any order
 * @param {{ day: string, line?: string, least?: string }} choice `line` is what the version begins with, such as "1.35";
 *   nothing older than `least` is taken
 * @returns {string | undefined}
 */
export function newestRelease(releases, { day, line, least }) {
  const last = Date.parse(`${day}T23:59:59Z`) - COOLDOWN_DAYS * DAY;
  return releases
    .filter(({ version, time }) => isFinal(version) && (time === undefined || Date.parse(time) <= last))
    .map(({ version }) => version)
    .filter((version) => line === undefined || isInLine(version, line))
    .filter((version) => least === undefined || compareVersions(version, least) >= 0)
    .sort(compareVersions)
    .at(-1);
}

/** The first number of a version: "88" of v88.5.3. Before 1.0 the second counts as the first does later. */
export function compatibleLine(version) {
  const [major, minor] = numbers(version);
  return major === 0 ? `${major}.${minor}` : String(major);
}

/** "1.35" of v1.35.3-eksbuild.21 */
export function minorLine(version) {
  return numbers(version).slice(0, 2).join(".");
}

/** By their numbers, whatever stands before and between them. */
export function compareVersions(one, other) {
  const [left, right] = [numbers(one), numbers(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** "1.2.3", "v1.2.3" and "v1.2.3-eksbuild.4", but no "1.2.3-rc.1" and no "1.2.3rc1". */
function isFinal(version) {
  return /^v?\d+(?:\.\d+)*(?:-eksbuild\.\d+)?$/.test(version);
}

function isInLine(version, line) {
  const wanted = numbers(line);
  const given = numbers(version);
  return wanted.every((number, index) => given[index] === number);
}

function numbers(version) {
  return (version.match(/\d+/g) ?? []).map(Number);
}
