// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { withoutCommands } from "../log-text";

/** What a command reads from and writes to; tests give their own. */
export interface CommandIo {
  /** Root of the project that the command works on. */
  readonly cwd: string;
  /** Whether a person reads the standard output on a terminal. Default: false. */
  readonly isTerminal?: boolean;
  /** What time it is, for what is said of the age of things. Default: the clock's. */
  readonly now?: Date;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** What time it is for a command. */
export function nowOf({ now }: CommandIo): Date {
  return now ?? new Date();
}

/** The process's own directory and streams. */
export const PROCESS_IO: CommandIo = {
  cwd: process.cwd(),
  isTerminal: process.stdout.isTTY === true,
  out: (text) => process.stdout.write(withoutCommands(text)),
  err: (text) => process.stderr.write(withoutCommands(text)),
};
