// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const COMMENT_OR_STRING = /\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const OUR_IMPORT = /\bimport\s+(?:type\s+)?(?:\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+"ray-platform"/g;

/** Globals whose value depends on nothing but the program. */
const PURE: ReadonlySet<string> = new Set(
  "Array BigInt Boolean Error Infinity JSON Map NaN Number Object Set String isFinite isNaN parseFloat parseInt undefined".split(
    " ",
  ),
);

/** Ways to other modules, and to all globals; a plain function's `this` is one. */
const WAYS_OUT = "import from require module exports constructor this eval arguments __dirname __filename".split(" ");

/**
 * Whether a projenrc only declares options, so that it says the same whenever and wherever it runs.
 *
 * It may import `ray-platform` and nothing else, and must not name anything of its surroundings: `process`, `Date`,
 * `Math` (which has `random`), ... A mention in a property name counts too: whatever is not certainly declarative is
 * taken not to be.
 */
export function isDeclarative(source: string): boolean {
  const code = source
    .replace(COMMENT_OR_STRING, (match) =>
      match.startsWith("/") ? " " : /^.ray-platform.$/.test(match) ? '"ray-platform"' : '""',
    )
    .replace(OUR_IMPORT, "");
  if (/[`/\\]/.test(code)) {
    return false; // A template, a regular expression or an escape, which the patterns above do not understand.
  }
  const outside = new Set([...Object.getOwnPropertyNames(globalThis).filter((name) => !PURE.has(name)), ...WAYS_OUT]);
  return (code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []).every(
    (name) => !outside.has(name) && !/locale/i.test(name),
  );
}
