// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What a command reads from and writes to; tests give their own. */
export interface CommandIo {
  /** Root of the project that the command works on. */
  readonly cwd: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** The process's own directory and streams. */
export const PROCESS_IO: CommandIo = {
  cwd: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};
