// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The table of CONTRIBUTING.md that says for each kind of change what it touches. `check` is the id of a verification that
 * makes the sample, where the row names one.
 *
 * @param {string} markdown
 * @returns {Map<string, { files: string[], commands: string[], tests: string[], check?: string }>} by kind, such as "a region"
 */
export function contributingTable(markdown) {
  const rows = markdown
    .split("\n")
    .filter((line) => /^\| (a|an) /.test(line))
    .map((line) => line.split("|").slice(1, -1));
  return new Map(
    rows.map(([kind, files, commands, tests]) => [
      kind.replace(/\(.*\)/, "").trim(),
      {
        files: codeIn(files),
        commands: codeIn(commands),
        tests: codeIn(tests).filter((path) => path.startsWith("test/")),
        check: /`npm run verify -- --only ([\w-]+)`/.exec(tests)?.[1],
      },
    ]),
  );
}

function codeIn(cell) {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}

/** Whether a path is one that a row names: NAME stands for the new thing's name, `*` for any. */
export function isNamed(path, patterns) {
  return patterns.some((pattern) => {
    const expression = pattern
      .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
      .replace(/NAME|\*/g, "[^/]+")
      .replace(/\/$/, "/.+");
    return new RegExp(`^${expression}$`).test(path);
  });
}
