// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A name, or a path, in the form that it shares with all that a file system may take for the same: macOS and Windows know no case,
 * Windows no blank and no point at an end, and older file systems of macOS no character without a width.
 */
export function foldedName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/(?<=[^/. ])[. ]+(?=\/|$)/g, "");
}
