// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveConflicts } from "./adopt/conflicts.js";
import { withReleases } from "./adopt/ejected-projenrc.js";
import { conflictsOf } from "./adopt/previewed-files.js";
import { core } from "./core.js";
import { UserError } from "./user-error.js";

/** @typedef {import("./command-line.js").Settings} Settings */
/** @typedef {import("./new-command.js").Io} Io */

/**
 * Asks about the edits that a generation would undo, before it does: `ray-platform update --interactive`. What is kept or
 * merged is released in `.projenrc.ts`.
 * @param {Settings} settings @param {Io} io @returns {Promise<number>} exit code
 */
export async function resolveCommand(settings, io) {
  const projenrc = join(io.cwd, ".projenrc.ts");
  if (!existsSync(projenrc)) {
    throw new UserError(
      `there is no .projenrc.ts in ${io.cwd}; run this command in the root of a generated repository`,
    );
  }
  const conflicts = conflictsOf(core.previewOf(io.cwd));
  if (conflicts.length === 0) {
    return 0;
  }
  const adapter = io.isTerminal ? await io.adapter() : undefined;
  const choices = await resolveConflicts(conflicts, { flags: settings.conflictFlags, cwd: io.cwd, adapter });
  const release = [...choices].filter(([, choice]) => choice !== "take").map(([path]) => path);
  // First what can be refused.
  const text = withReleases(core.readText(projenrc), release);
  let conflicted = false;
  for (const { path, before, after } of conflicts) {
    if (choices.get(path) === "merge") {
      const { content, conflict } = core.mergeFile(io.cwd, path, before, after);
      writeFileSync(join(io.cwd, path), content ?? before);
      conflicted ||= conflict;
    }
  }
  if (release.length > 0) {
    writeFileSync(projenrc, text);
    io.err(`Released in .projenrc.ts: ${release.join(", ")}\n`);
  }
  return conflicted ? 4 : 0;
}
