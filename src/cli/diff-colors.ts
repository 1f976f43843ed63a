// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const BOLD = "\u001b[1m";
const RED = "\u001b[31m";
const GREEN = "\u001b[32m";
const CYAN = "\u001b[36m";
const RESET = "\u001b[m";

/** A unified diff in the colors that git gives it. */
export function coloredDiff(diff: string): string {
  return diff
    .split("\n")
    .map((line) => {
      const color = colorOf(line);
      return color === undefined ? line : `${color}${line}${RESET}`;
    })
    .join("\n");
}

function colorOf(line: string): string | undefined {
  if (/^(?:diff |index |---|\+\+\+|(?:new|deleted) file)/.test(line)) {
    return BOLD;
  }
  switch (line[0]) {
    case "@":
      return CYAN;
    case "+":
      return GREEN;
    case "-":
      return RED;
    default:
      return undefined;
  }
}

/** Whether what is printed is read by a person whose terminal shows colors (https://no-color.org). */
export function showsColors(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  return isTerminal && !env.NO_COLOR && env.TERM !== "dumb";
}
