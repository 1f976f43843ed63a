// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Values as inline code, separated by commas; `none` for an empty list. */
export function codeList(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.map((value) => `\`${value}\``).join(", ");
}
