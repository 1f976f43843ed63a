// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Text of somebody else's that a workflow prints: one line, in which the runner finds no command of its own. */
export function logText(text) {
  return String(text)
    .replace(/\p{Cc}/gu, " ")
    .replace(/^(\s*):(?=:)/, "$1: ")
    .replaceAll("##[", "## [");
}
