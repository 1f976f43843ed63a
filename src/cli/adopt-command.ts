// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { CommandIo } from "./command-io";
import { ExitCode } from "./exit-code";
import { startGenerator } from "./generator-command";

const HELP = `Usage: ray-platform adopt [--yes] [--dry-run] [--undo] [flags]

Brings an existing repository under generation: shows what would be created, taken and kept, asks about conflicts one
by one, and can be undone to the same bytes. The conversation is that of generator-ray-platform, whose --help lists all
flags. Exit codes: 0 done, 1 error, 4 a conflict that someone has to resolve, 130 aborted at a question.
`;

/** Runs `ray-platform adopt`. */
export function adoptCommand(argv: readonly string[], io: CommandIo): number {
  if (argv.includes("--help") || argv.includes("-h")) {
    io.out(HELP);
    return ExitCode.CLEAN;
  }
  return startGenerator("adopt", argv, io);
}
