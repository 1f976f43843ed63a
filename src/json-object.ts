// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object as JSON has them: no list, and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deeper than any file that is read here goes, and no deeper than what calls itself can follow. */
export const DEEPEST_JSON = 500;

/** Whether a text opens more lists and objects within each other than {@link DEEPEST_JSON}: to parse it takes memory for each. */
export function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === "[" || character === "{") {
      depth++;
      if (depth > DEEPEST_JSON) {
        return true;
      }
    } else if (character === "]" || character === "}") {
      depth--;
    }
  }
  return false;
}

/** Where the string of JSON ends that begins at a place. A pattern would need memory for every character. */
export function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
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
