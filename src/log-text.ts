// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Characters that a terminal or a page obeys instead of showing them: controls, what turns the direction of a text around,
 * what has no width, other ends of lines. Left are tabs, line feeds, also after a carriage return, joiners within words and
 * emoji, and the colors of our own diffs.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a terminal is what it is about.
  /(?!\r\n|\u001b\[(?:1|31|32|36)?m)(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Whether a text has what is not seen, or more than one line. */
export function hasUnseen(text: string): boolean {
  return /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

/** A text in which every character is seen, as an escape if need be. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escapeOf);
}

/**
 * What is printed, so that GitHub's runner finds no command of its own in it and people read what is there: names of files,
 * messages and plans are whatever a pull request says, and `::` at the start of a line or `##[` anywhere would be obeyed.
 * JSON stays the same value.
 */
export function withoutCommands(text: string): string {
  const shown = visible(text).replace(/^([^\S\n]*):(?=:)/gm, "$1: ");
  return shown.replaceAll("##[", /^[[{]/.test(text) ? "\\u0023#[" : "## [");
}

/** As JSON has it, so that a report stays the same value. */
function escapeOf(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
