// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ParseArgsConfig, parseArgs } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What was typed after a command's name. */
export interface CommandLine {
  /** Whether a switch was given. */
  has(name: string): boolean;
  /** The value of an option, if it was given. */
  value(name: string): string | undefined;
  readonly positionals: readonly string[];
}

/** Parses the arguments of a command. @throws Error for what the command does not know. */
export function parseCommandLine(argv: readonly string[], options: Options, allowPositionals = false): CommandLine {
  const known: Options = { help: { type: "boolean", short: "h" }, ...options };
  const parsed = parseArgs({ args: [...argv], options: known, allowPositionals, strict: true });
  const values: Readonly<Record<string, unknown>> = parsed.values;
  return {
    has: (name) => values[name] === true,
    value: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
    positionals: parsed.positionals,
  };
}
