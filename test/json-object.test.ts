// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { DEEPEST_JSON, endOfString, nestsTooDeeply } from "../src/json-object";

/** The same, one character after the other. */
function endOfStringByCharacters(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at, text.length);
}

const jsonLike = fc.string({ unit: fc.constantFrom('"', "\\", "[", "]", "{", "}", "a", "\n"), maxLength: 40 });

test("a string of JSON ends at the quotation mark that no backslash takes away", () => {
  for (const [text, end] of [
    ['""', 1],
    ['"a"', 2],
    [String.raw`"\""`, 3],
    [String.raw`"\\"`, 3],
    [String.raw`"\\\""`, 5],
    ['"a', 2],
    [String.raw`"a\"`, 4],
  ] as const) {
    expect([text, endOfString(text, 0)]).toEqual([text, end]);
  }
  fc.assert(fc.property(jsonLike, (text) => endOfString(`"${text}`, 0) === endOfStringByCharacters(`"${text}`, 0)));
});

test("depth is counted outside of strings alone, and each text by itself", () => {
  const deep = (depth: number) => `${"[".repeat(depth)}"]]}{${"[".repeat(depth)}"${"]".repeat(depth)}`;
  expect([DEEPEST_JSON, DEEPEST_JSON + 1, DEEPEST_JSON].map((depth) => nestsTooDeeply(deep(depth)))).toEqual([
    false,
    true,
    false,
  ]);
  expect(nestsTooDeeply(`"${"[".repeat(2 * DEEPEST_JSON)}`)).toBe(false);
});

test("a text of quotation marks and backslashes takes time that grows no faster than the text", () => {
  const time = (text: string) => {
    const start = performance.now();
    nestsTooDeeply(text);
    return performance.now() - start;
  };
  for (const part of ['\\"', '"', "\\", '"\\\\']) {
    expect(time(`"${part.repeat(1_000_000)}`)).toBeLessThan(5_000);
  }
});
