// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Inserts a line before the line that an expression finds.
 *
 * @throws Error unless exactly one line is found: a file whose form changed must be edited by hand
 */
export function insertBefore(text, expression, line) {
  const lines = text.split("\n");
  lines.splice(theLine(lines, expression), 0, line);
  return lines.join("\n");
}

/**
 * Inserts a line into a run of sorted lines, all of which an expression matches, such as the imports of a list.
 *
 * @throws Error if there is no such line
 */
export function insertSorted(text, expression, line) {
  const lines = text.split("\n");
  const found = lines.flatMap((candidate, index) => (expression.test(candidate) ? [index] : []));
  if (found.length === 0) {
    throw new Error(`no line is like ${expression}; add '${line.trim()}' by hand.`);
  }
  const behind = found.findLast((index) => lines[index] < line);
  lines.splice(behind === undefined ? found[0] : behind + 1, 0, line);
  return lines.join("\n");
}

/**
 * Inserts lines at the end of a block: before the first line after `begin` that `end` matches.
 *
 * @throws Error if the block is not there, or twice
 */
export function insertAtEnd(text, { begin, end }, added) {
  const lines = text.split("\n");
  const from = theLine(lines, begin);
  const length = lines.slice(from).findIndex((line) => end.test(line));
  if (length === -1) {
    throw new Error(`what begins at line ${from + 1} does not end with a line like ${end}.`);
  }
  lines.splice(from + length, 0, ...added.split("\n"));
  return lines.join("\n");
}

function theLine(lines, expression) {
  const found = lines.flatMap((candidate, index) => (expression.test(candidate) ? [index] : []));
  if (found.length !== 1) {
    throw new Error(`${found.length} lines are like ${expression} where one is expected.`);
  }
  return found[0];
}
