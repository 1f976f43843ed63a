// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { optionsSchema } from "../config/options-schema";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { ExitCode } from "./exit-code";

const HELP = `Usage: ray-platform schema

Prints the options as JSON Schema (draft 7): names, types, allowed members, defaults and what each option means, for
editors, portals and forms. What values mean together is checked when a repository is generated.
`;

/** Runs `ray-platform schema`. */
export function schemaCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const line = parseCommandLine(argv, {});
  io.out(line.has("help") ? HELP : `${JSON.stringify(optionsSchema(), null, 2)}\n`);
  return ExitCode.CLEAN;
}
