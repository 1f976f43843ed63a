// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Text of somebody else's that a workflow prints: one line, in which the runner finds no command of its own. */
export function logText(text) {
  return String(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/^(\s*):(?=:)/, "$1: ")
    .replaceAll("##[", "## [");
}
