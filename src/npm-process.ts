// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What a child process is started with. */
export interface NpmProcess {
  readonly command: string;
  readonly args: string[];
  /** npm is a batch file on Windows, which only a shell starts. */
  readonly shell: boolean;
}

/** Text that cmd.exe takes as it is. */
const PLAIN = /^[\w@./:=,+-]+$/;

/**
 * How npm is started. A shell takes one line of text: there each argument is quoted, so that a blank in a path ends none,
 * and `&`, `|`, `^` and `>` mean nothing.
 *
 * @throws Error for an argument that no quotes can hold: with a line break, a quotation mark, or `%`, which cmd.exe
 *   expands within quotes too
 */
export function npmProcess(args: readonly string[], platform: NodeJS.Platform = process.platform): NpmProcess {
  return platform === "win32"
    ? { command: "npm", args: args.map(quoted), shell: true }
    : { command: "npm", args: [...args], shell: false };
}

function quoted(argument: string): string {
  if (/["%\r\n]/.test(argument)) {
    throw new Error(`${JSON.stringify(argument)} cannot be passed to npm on Windows; use a path without " and %`);
  }
  // A backslash before the closing mark would take it away.
  return PLAIN.test(argument) ? argument : `"${argument.replace(/\\+$/, "$&$&")}"`;
}
