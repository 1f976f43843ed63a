// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What is printed, so that GitHub's runner finds no command of its own in it: names of files, messages and plans are
 * whatever a pull request says, and `::` at the start of a line or `##[` anywhere would be obeyed. JSON stays the same
 * value.
 */
export function withoutCommands(text: string): string {
  if (/^[[{]/.test(text)) {
    return text.replaceAll("##[", "\\u0023#[");
  }
  return text.replace(/^([^\S\n]*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");
}
