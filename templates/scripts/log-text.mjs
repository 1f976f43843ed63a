// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Text of somebody else's that a workflow prints: one line, in which the runner finds no command of its own. */
export function logText(text) {
  return String(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/^(\s*):(?=:)/, "$1: ")
    .replaceAll("##[", "## [");
}

/** Text of somebody else's in Markdown: it ends neither a code span nor a line, and gives the runner no command. */
export function markdownText(text) {
  return String(text)
    .replace(/[`\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "'")
    .replaceAll("##[", "## [");
}

/** The same as a code span. */
export function codeSpan(text) {
  return `\`${markdownText(text)}\``;
}
