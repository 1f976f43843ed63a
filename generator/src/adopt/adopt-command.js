// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_COMMAND } from "../core.js";
import { Aborted, UserError } from "../user-error.js";
import { makePlan } from "./adoption-plan.js";
import { previewText, reportOf, reportText, UNDO } from "./adoption-report.js";
import { commitAll, demandCleanTree, gitDirectory } from "./git.js";
import { promptOrAbort } from "./prompt.js";
import { BACKUP_SUFFIX } from "./backup-suffix.js";
import { Backup, snapshot } from "./undo.js";

/** @typedef {import("../command-line.js").Settings} Settings */
/** @typedef {import("../new-command.js").Io} Io */
/** @typedef {import("./adoption-plan.js").Plan} Plan */

/** Brings an existing repository under generation. @param {Settings} settings @param {Io} io @returns {Promise<number>} exit code */
export async function adoptCommand(settings, io) {
  gitDirectory(io.cwd);
  if (settings.undo) {
    const { restored, removed, packagesStay } = Backup.read(io.cwd).undo(settings.force);
    const packages = packagesStay ? " Installed packages are as they are: npm ci" : "";
    io.out(`Undone: ${restored.length} files restored, ${removed.length} removed.${packages}\n`);
    return 0;
  }
  if (existsSync(join(io.cwd, ".ray-platform", "lock.json")) && existsSync(join(io.cwd, ".projenrc.ts"))) {
    throw new UserError("this repository is already generated; npx ray-platform update moves it to another version");
  }
  demandCleanTree(io.cwd);
  const isAsked = io.isTerminal && !settings.yes && settings.answers === undefined;
  const adapter = isAsked ? await io.adapter() : undefined;
  const plan = await makePlan(settings, io, adapter);
  io.err(`${previewText(plan)}\n`);
  if (settings.dryRun) {
    io.out(settings.json ? `${JSON.stringify(reportOf(plan))}\n` : `${plan.projenrc}\n`);
    return 0;
  }
  if (adapter !== undefined) {
    const { go } = await promptOrAbort(adapter, {
      type: "confirm",
      name: "go",
      message: "Adopt this repository?",
      default: true,
    });
    if (go !== true) {
      throw new Aborted();
    }
  } else if (!settings.yes && settings.answers === undefined) {
    throw new UserError(
      "standard input is not a terminal, so nothing can be asked; give --yes, --answers FILE or --dry-run",
    );
  }
  carryOut(plan, settings, io);
  const result = reportOf(plan);
  io.out(settings.json ? `${JSON.stringify(result)}\n` : `${reportText(result)}\n`);
  if (settings.commit) {
    commitAll(io.cwd, "chore: adopt ray-platform");
  }
  return plan.markers.length > 0 ? 4 : 0;
}

/** @param {Plan} plan @param {Settings} settings @param {Io} io */
function carryOut({ projenrc, contents, removed, moved }, settings, io) {
  const { cwd } = io;
  const backup = Backup.take(cwd, snapshot(cwd));
  const formerProjenrc = readdirSync(cwd).filter((file) => /^\.projenrc\.\w+$/.test(file));
  for (const path of [...formerProjenrc, ...moved]) {
    renameSync(join(cwd, path), join(cwd, `${path}${BACKUP_SUFFIX}`));
  }
  writeFileSync(join(cwd, ".projenrc.ts"), projenrc);
  for (const path of removed) {
    rmSync(join(cwd, path));
  }
  for (const [path, content] of contents) {
    if (existsSync(join(cwd, path))) {
      writeFileSync(join(cwd, path), content);
    }
  }
  io.err(settings.post ? "Generating, and installing dependencies...\n" : "Generating...\n");
  const { status } = spawnSync(process.execPath, [CORE_COMMAND, "projenrc"], {
    cwd,
    stdio: ["ignore", 2, 2],
    env: { ...io.env, ...(settings.post ? {} : { PROJEN_DISABLE_POST: "true" }) },
  });
  for (const [path, content] of contents) {
    writeFileSync(join(cwd, path), content);
  }
  backup.complete();
  if (status !== 0) {
    throw new UserError(`adoption did not finish; correct the cause above and run npx projen, or go back: ${UNDO}`);
  }
}
