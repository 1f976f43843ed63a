// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Conversation } from "./conversation.js";
import { core, CORE_COMMAND } from "./core.js";
import { givenOptions, settledOptions, withProposals } from "./options-of-run.js";
import { writeProjenrc } from "./projenrc-writer.js";
import { reviewText, wrap } from "./review.js";
import { githubIds, surroundings } from "./surroundings.js";
import { Aborted, UserError } from "./user-error.js";

/** @typedef {import("./command-line.js").Settings} Settings */

/**
 * Where a run reads and writes; tests give their own.
 * @typedef {object} Io
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} isTerminal
 * @property {number} columns
 * @property {(text: string) => void} out
 * @property {(text: string) => void} err
 * @property {() => Promise<import("@yeoman/types").InputOutputAdapter>} adapter
 */

/** What may lie in a directory that counts as empty. */
const NOTHING = [".git", ".DS_Store"];

/** Makes a repository in an empty directory. @param {Settings} settings @param {Io} io @returns {Promise<number>} exit code */
export async function newCommand(settings, io) {
  const there = readdirSync(io.cwd).filter((name) => !NOTHING.includes(name));
  if (there.length > 0) {
    throw new UserError(
      `${io.cwd} is not empty (${there.slice(0, 3).join(", ")}${there.length > 3 ? ", ..." : ""}); run this in an empty directory, or adopt what it contains: generator-ray-platform adopt`,
    );
  }
  const given = await givenOptions(settings, io.cwd);
  const isAsked = io.isTerminal && !settings.yes && settings.answers === undefined;
  if (!isAsked && !settings.yes && settings.answers === undefined && !settings.dryRun) {
    throw new UserError(
      "standard input is not a terminal, so nothing can be asked; give --yes, --answers FILE or --dry-run",
    );
  }
  const proposals = await surroundings(io.cwd, io.env);
  const conversation = isAsked ? await converse(given, proposals, io) : undefined;
  const { options, used } = conversation
    ? { options: conversation.answers, used: [] }
    : withProposals(given, proposals);
  for (const { path, value, source } of used) {
    io.err(`${wrap(`${path}: ${JSON.stringify(value)} (from ${source})`, io.columns)}\n`);
  }
  const planned = await settle(options, conversation, io);
  if (settings.dryRun) {
    io.out(`${planned.projenrc}\n${planned.report.files.map(({ path }) => path).join("\n")}\n`);
    return 0;
  }
  writeFileSync(join(io.cwd, ".projenrc.ts"), planned.projenrc);
  generate(settings, io);
  return 0;
}

/** @param {Record<string, any>} given @param {import("./surroundings.js").Proposal[]} proposals @param {Io} io */
async function converse(given, proposals, io) {
  const print = (/** @type {string} */ text) => io.err(`${text}\n`);
  const conversation = new Conversation(await io.adapter(), { given, proposals, print });
  const remote = Object.fromEntries(proposals.map(({ path, value }) => [path, String(value)]));
  // While the first questions are answered.
  const ids = githubIds(
    given.githubOwner ?? remote.githubOwner ?? "",
    given.githubRepository ?? remote.githubRepository,
    io.env,
  );
  void ids.then((found) => conversation.proposals.push(...found));
  await conversation.run();
  return conversation;
}

/**
 * Shows what the options lead to, until the user agrees.
 * @param {Record<string, any>} answers @param {Conversation | undefined} conversation @param {Io} io
 */
async function settle(answers, conversation, io) {
  for (;;) {
    const { options, config, license } = settledOptions(answers);
    const projenrc = writeProjenrc(options, { license });
    io.err("Rendering...\n");
    const report = core.previewOf(io.cwd, projenrc);
    io.err(`${reviewText({ config, report, columns: io.columns })}\n\n`);
    const decision = await conversation?.prompt({
      type: "select",
      name: "review",
      message: `Write this to ${io.cwd}?`,
      choices: [
        { name: "yes, write it", value: "write" },
        { name: "change answers", value: "change" },
        { name: "no, write nothing", value: "abort" },
      ],
      default: "write",
    });
    if (decision === "abort") {
      throw new Aborted();
    }
    if (decision !== "change" || conversation === undefined) {
      return { projenrc, report };
    }
    await conversation.change();
    answers = conversation.answers;
  }
}

/** @param {Settings} settings @param {Io} io */
function generate(settings, io) {
  io.err(settings.post ? "Generating, and installing dependencies...\n" : "Generating...\n");
  const isInRepository = git(io, ["rev-parse", "--is-inside-work-tree"]) === 0;
  const { status } = spawnSync(process.execPath, [CORE_COMMAND, "projenrc"], {
    cwd: io.cwd,
    stdio: ["ignore", 2, 2],
    env: { ...io.env, ...(settings.post ? {} : { PROJEN_DISABLE_POST: "true" }) },
  });
  if (status !== 0) {
    throw new UserError("generation did not finish; correct the cause above and run: npx projen");
  }
  if (settings.git && !isInRepository) {
    const committed = [
      ["init", "--quiet", "--initial-branch", "main"],
      ["add", "."],
      ["commit", "--quiet", "--message", "chore: project created with ray-platform"],
    ].every((args) => git(io, args) === 0);
    io.err(committed ? "Committed.\n" : "Not committed: git refused; see above.\n");
  }
  io.out("Done. Next: npx projen build, then README.md.\n");
}

/** @param {Io} io @param {readonly string[]} args */
function git(io, args) {
  const isQuestion = args[0] === "rev-parse";
  return spawnSync("git", [...args], {
    cwd: io.cwd,
    env: io.env,
    stdio: ["ignore", "ignore", isQuestion ? "ignore" : 2],
  }).status;
}
