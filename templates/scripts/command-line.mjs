// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from "node:util";

/**
 * Options of a script that people run themselves. Prints the usage for --help, and with the reason for a wrong option;
 * ends with 2 then.
 */
export function commandLine(usage, options) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return values;
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
