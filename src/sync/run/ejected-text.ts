// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** How a file says without projen what it said with it, in order. The first ones are for the user's own README. */
const REPLACEMENTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^npx projen {2,}# regenerate.*\n/gm, ""],
  [/^\| `\.projenrc\.ts` \|.*\n/gm, ""],
  [/ from the options in \[`\.projenrc\.ts`\]\(\.projenrc\.ts\)\. This README is yours to change.*\./g, "."],
  // Words that follow the task's name are its arguments, which npm passes on behind two hyphens.
  [/npx (?:--no-install )?projen ([a-z][\w:-]*) +(?=["$./\w-])/g, "npm run $1 -- "],
  [/npx (?:--no-install )?projen ([a-z][\w:-]*)/g, "npm run $1"],
  [/; run \\?`npx projen\\?`(?: to write both again)?/g, ""],
  // What others say of it: the nearest thing that there is now.
  [/\.projenrc\.ts/g, "src/platform/platform.json"],
  [/npx projen\b/g, "npm run build"],
];

/** The text of a file in a repository that its generator leaves. */
export function ejectedText(path: string, text: string): string {
  if (path === ".gitignore" || path === ".gitattributes") {
    return text.replace(/^.*projen.*\n/gm, "");
  }
  return REPLACEMENTS.reduce((result, [from, to]) => result.replace(from, to), text);
}
