// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A pattern over project paths. */
export interface PathPattern {
  readonly text: string;
  matches(path: string): boolean;
}

/** `*` and `?` match within a segment, `**` across segments, a trailing `/` everything below a directory. */
export function pathPattern(text: string): PathPattern {
  const normalized = text.replace(/^(\.?\/)+/, "");
  const glob = normalized.endsWith("/") ? `${normalized}**` : normalized;
  const parts = glob.match(/\*\*\/|\*\*|[\s\S]/gu) ?? [];
  return { text, matches: (path) => isMatch(parts, path) };
}

/**
 * Follows all ways to match at once, so that no pattern, however many wildcards it has, takes longer than its length
 * times the path's. A regular expression tries them one after the other.
 */
function isMatch(parts: readonly string[], path: string): boolean {
  let open = closure(parts, [0]);
  for (const character of path) {
    const next: number[] = [];
    for (const state of open) {
      // Half a state more: within a segment that `**/` matches.
      const part = parts[Math.floor(state)];
      if (part === "**/") {
        if (character !== "/") {
          next.push(Math.floor(state) + 0.5);
        } else if (!Number.isInteger(state)) {
          next.push(Math.floor(state));
        }
      } else if (part === "**" || (part === "*" && character !== "/")) {
        next.push(state);
      } else if (part === character || (part === "?" && character !== "/")) {
        next.push(state + 1);
      }
    }
    open = closure(parts, next);
    if (open.size === 0) {
      return false;
    }
  }
  return open.has(parts.length);
}

/** The states, and those that they lead to without a character. */
function closure(parts: readonly string[], states: readonly number[]): Set<number> {
  const all = new Set<number>();
  for (const start of states) {
    let state = start;
    while (!all.has(state)) {
      all.add(state);
      if (!Number.isInteger(state) || !["**/", "**", "*"].includes(parts[state] ?? "")) {
        break;
      }
      state += 1;
    }
  }
  return all;
}
