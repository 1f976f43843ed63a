// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Orders two versions as Semantic Versioning does: negative if the first is older, 0 if they are equal in rank. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

function parse(version: string): { readonly numbers: readonly number[]; readonly prerelease: readonly string[] } {
  const [core = "", ...rest] = (version.split("+")[0] ?? "").split("-");
  const prerelease = rest.join("-");
  return { numbers: core.split(".").map(Number), prerelease: prerelease === "" ? [] : prerelease.split(".") };
}

/** A version without a prerelease ranks above one with. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) {
    return b.length - a.length;
  }
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) {
      return left === undefined ? -1 : 1;
    }
    const numeric = [/^\d+$/.test(left), /^\d+$/.test(right)];
    const difference =
      numeric[0] && numeric[1]
        ? Number(left) - Number(right)
        : numeric[0] !== numeric[1]
          ? numeric[0]
            ? -1
            : 1
          : left < right
            ? -1
            : left > right
              ? 1
              : 0;
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
