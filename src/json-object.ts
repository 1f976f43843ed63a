// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object as JSON has them: no list, and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one for anything else. A list or a string has keys too, and means none of them. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Deeper than any file that is read here goes, and no deeper than what calls itself can follow. */
export const DEEPEST_JSON = 500;

/** What opens and closes lists and objects, and what a string begins with. */
const BRACKETS = /["[\]{}]/g;

/** Whether a text opens more lists and objects within each other than {@link DEEPEST_JSON}: to parse it takes memory for each. */
export function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  BRACKETS.lastIndex = 0;
  for (let match = BRACKETS.exec(text); match !== null; match = BRACKETS.exec(text)) {
    const [character] = match;
    if (character === '"') {
      BRACKETS.lastIndex = endOfString(text, match.index) + 1;
    } else if (character === "[" || character === "{") {
      depth++;
      if (depth > DEEPEST_JSON) {
        return true;
      }
    } else {
      depth--;
    }
  }
  return false;
}

/**
 * Where the string of JSON ends that begins at a place: from quotation mark to quotation mark, of which one counts that an even
 * number of backslashes stands before. A pattern would need memory for every character.
 */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (first > start + 1 && text[first - 1] === "\\") {
      first--;
    }
    if ((at - first) % 2 === 0) {
      return at;
    }
  }
  return text.length;
}

/** JSON of anybody's. @throws SyntaxError, with one line, for what is none, and for what nests too deeply */
export function parseJson(text: string): unknown {
  if (nestsTooDeeply(text)) {
    throw new SyntaxError(`it nests more than ${DEEPEST_JSON} deep`);
  }
  return JSON.parse(text);
}

/** The object that a text holds as JSON; undefined for any other text, and for one that nests too deeply. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
