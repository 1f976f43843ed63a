// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { helpText, readCommandLine } from "./command-line.js";
import { core } from "./core.js";
import { newCommand } from "./new-command.js";
import { UserError } from "./user-error.js";

/** @typedef {import("./new-command.js").Io} Io */

/** Runs the generator. @param {readonly string[]} argv @param {Io} io @returns {Promise<number>} exit code */
export async function main(argv, io) {
  try {
    const settings = readCommandLine(argv);
    if (settings.help) {
      io.out(helpText(io.columns));
      return 0;
    }
    if (settings.version) {
      io.out(`${core.PACKAGE_VERSION}\n`);
      return 0;
    }
    if (settings.command === "resolve") {
      const { resolveCommand } = await import("./resolve-command.js");
      return await resolveCommand(settings, io);
    }
    if (settings.command === "adopt") {
      const { adoptCommand } = await import("./adopt/adopt-command.js");
      return await adoptCommand(settings, io);
    }
    return await newCommand(settings, io);
  } catch (error) {
    if (error instanceof UserError || error instanceof core.ExplainedError) {
      io.err(`${error.message}\n`);
      return error instanceof UserError ? error.exitCode : 1;
    }
    throw error;
  }
}
