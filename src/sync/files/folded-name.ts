// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A name in the form that it shares with all that a file system may take for the same, as those of macOS and Windows do. */
export function foldedName(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
