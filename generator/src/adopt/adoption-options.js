// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Conversation } from "../conversation.js";
import { givenOptions, withProposals } from "../options-of-run.js";
import { surroundings } from "../surroundings.js";
import { promptOrAbort } from "./prompt.js";
import { accepted, foundValues } from "./values/found-values.js";

/** @typedef {import("../command-line.js").Settings} Settings */
/** @typedef {import("../new-command.js").Io} Io */

/**
 * Options by what is given, what the repository says, and what is answered.
 * @param {Settings} settings @param {Io} io @param {import("@yeoman/types").InputOutputAdapter | undefined} adapter
 */
export async function optionsFor(settings, io, adapter) {
  const given = await givenOptions(settings, io.cwd);
  const found = await foundValues(io.cwd, settings.state);
  const { options: read, used, refused } = accepted(given, found.proposals);
  for (const { path, value, source } of used) {
    io.err(`${path}: ${JSON.stringify(value)} (${source})\n`);
  }
  const proposals = await surroundings(io.cwd, io.env);
  const notes = [...found.notes, ...refused];
  if (adapter === undefined) {
    return { resources: found.resources, notes, options: withProposals(read, proposals).options };
  }
  const taken =
    used.length === 0 ||
    (
      await promptOrAbort(adapter, {
        type: "confirm",
        name: "found",
        message: "Start from the values above?",
        default: true,
      })
    ).found;
  const print = (/** @type {string} */ text) => io.err(`${text}\n`);
  const conversation = new Conversation(adapter, { given: taken ? read : given, proposals, print });
  await conversation.run();
  return { resources: found.resources, notes, options: conversation.answers };
}
