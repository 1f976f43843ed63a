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
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      switch (part) {
        case "**/":
          return "(?:[^/]+/)*";
        case "**":
          return ".*";
        case "*":
          return "[^/]*";
        case "?":
          return "[^/]";
        default:
          return part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
      }
    })
    .join("");
  const expression = new RegExp(`^${source}$`);
  return { text, matches: (path) => expression.test(path) };
}
