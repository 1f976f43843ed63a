// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isThere } from "../file-presence";
import { readForeignFile, readForeignText } from "../foreign-file";
import { type JudgedChange, judgeUpdate, NPM_LOCK } from "../proposal/judge";
import { refreshedLock } from "../proposal/npm-lock";
import { patchBetween, TreeContents, treeOfPatch, treeOfWorkingTree } from "../proposal/proposed-tree";
import { verifyProposal } from "../proposal/verify-proposal";
import { sha256 } from "../sync/files/content-hash";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { type CommandLine, parseCommandLine } from "./command-line";
import { ExitCode } from "./exit-code";
import { updateCommand } from "./update-command";

const HELP = `Usage: ray-platform proposal make --before TIME --output DIRECTORY
       ray-platform proposal verify --before TIME --patch FILE --digest SHA256
       ray-platform proposal check --patch FILE --digest SHA256 [--tree TREE] [--notes FILE] [--body FILE]

The three steps of the workflow upgrade.yml, each on its own runner and in a clean checkout of the same commit.

  make      updates to the newest version, brings package-lock.json up to date, and writes what changed as
            DIRECTORY/upgrade.patch, with DIRECTORY/notes.md. Code of the new version runs: hold no secret.
  verify    judges the patch as "check" does, then makes the lock file again with npm, verifies signatures and
            provenance, renders again with the published package, and compares. Hold no secret.
  check     judges the patch by what is committed; runs neither npm nor anything of the new version.

  --before TIME  no version that was published later is taken, such as 2027-01-31T00:00:00Z
  --digest       SHA-256 of the patch, as the step that made it had it
  --tree         the tree that was verified; any other is refused
  --notes FILE   what the update says about itself, for --body
  --body FILE    write the text of a pull request: each path that changes, and how it was checked

Standard output has lines NAME=VALUE: "digest" (make), "tree" and "present", which is true if anything changes.

Exit codes: 0 done, 1 refused, with the list of what may not be changed, or it could not run.
`;

/** What a pull request takes of text that the new version wrote. */
const MOST_NOTES = 30_000;

/** Runs `ray-platform proposal`. */
export function proposalCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const line = parseCommandLine(
    argv,
    {
      before: { type: "string" },
      output: { type: "string" },
      patch: { type: "string" },
      digest: { type: "string" },
      tree: { type: "string" },
      notes: { type: "string" },
      body: { type: "string" },
    },
    true,
  );
  if (line.has("help")) {
    io.out(HELP);
    return ExitCode.CLEAN;
  }
  const [step, ...more] = line.positionals;
  if (more.length === 0) {
    switch (step) {
      case "make":
        return make(needed(line, "output"), timeOf(line), io);
      case "verify":
        return verify(line, io);
      case "check":
        return check(line, io);
    }
  }
  throw new CommandError(`which step: make, verify or check?\n\n${HELP}`);
}

function make(output: string, before: string, io: CommandIo): ExitCode {
  const directory = resolve(io.cwd, output);
  mkdirSync(directory, { recursive: true });
  const committed = new TreeContents(io.cwd, "HEAD^{tree}");
  // For the npm that the update starts, too.
  Object.assign(process.env, { npm_config_before: before, npm_config_ignore_scripts: "true" });
  const quiet = { ...io, out: io.err };
  const code = updateCommand(["--no-post", "--notes", join(directory, "notes.md")], quiet);
  if (code !== ExitCode.CLEAN && code !== ExitCode.CONFLICT) {
    return ExitCode.ERROR;
  }
  const sources = {
    manifest: readForeignFile(join(io.cwd, "package.json")),
    settings: committed.read(".npmrc"),
    lock: committed.read(NPM_LOCK),
  };
  const { lock, notes } = refreshedLock(sources, before);
  writeFileSync(join(io.cwd, NPM_LOCK), lock);
  io.err(notes.map((note) => `${note}\n`).join(""));
  const patch = patchBetween(io.cwd, "HEAD^{tree}", treeOfWorkingTree(io.cwd));
  writeFileSync(join(directory, "upgrade.patch"), patch);
  io.out(`digest=${sha256(patch)}\n`);
  return ExitCode.CLEAN;
}

function verify(line: CommandLine, io: CommandIo): ExitCode {
  const { tree, judged } = judge(line, io);
  if (judged.length > 0) {
    const tell = (text: string) => io.err(`${text}...\n`);
    verifyProposal({ root: io.cwd, tree, before: timeOf(line), tell });
  }
  io.out(`tree=${tree}\n`);
  return ExitCode.CLEAN;
}

function check(line: CommandLine, io: CommandIo): ExitCode {
  const { tree, judged } = judge(line, io);
  const verified = line.value("tree");
  if (verified !== undefined && verified !== tree) {
    throw new CommandError(`the patch leads to the tree ${tree}, and ${verified} was verified; nothing is pushed`);
  }
  const body = line.value("body");
  if (body !== undefined) {
    writeFileSync(resolve(io.cwd, body), bodyOf(judged, line.value("notes"), io));
  }
  io.out(`tree=${tree}\npresent=${judged.length > 0}\n`);
  return ExitCode.CLEAN;
}

/** @throws CommandError with the list of what may not be changed */
function judge(line: CommandLine, io: CommandIo): { readonly tree: string; readonly judged: readonly JudgedChange[] } {
  const patch = resolve(io.cwd, needed(line, "patch"));
  if (!isThere(patch)) {
    throw new CommandError(`there is no ${patch}`);
  }
  const digest = sha256(readForeignFile(patch));
  if (digest !== needed(line, "digest")) {
    throw new CommandError(`${patch} is not the patch that was made: its SHA-256 is ${digest}`);
  }
  const tree = treeOfPatch(io.cwd, patch);
  const judged = judgeUpdate(io.cwd, "HEAD^{tree}", tree);
  const refused = judged.filter(({ problem }) => problem !== undefined);
  for (const { path, kind, how } of judged.filter(({ problem }) => problem === undefined)) {
    io.err(`${kind.padEnd(8)} ${JSON.stringify(path)}: ${how}\n`);
  }
  if (refused.length > 0) {
    const list = refused.map(({ path, kind, problem }) => `  ${kind.padEnd(8)} ${JSON.stringify(path)}: ${problem}`);
    throw new CommandError(`the update changes what it must not change, and is not pushed:\n${list.join("\n")}`);
  }
  return { tree, judged };
}

function bodyOf(judged: readonly JudgedChange[], notes: string | undefined, io: CommandIo): string {
  const rows = judged.map(({ path, kind, how }) => `| \`${path.replace(/[|`]/g, "?")}\` | ${kind} | ${how} |`);
  const said = notes === undefined ? "" : readForeignText(resolve(io.cwd, notes)).slice(0, MOST_NOTES);
  return [
    "Made by `upgrade.yml`, made again from the published package on another runner, and compared.",
    `## What changes, and how it was checked\n\n| Path | | Checked |\n|---|---|---|\n${rows.join("\n")}`,
    // It mentions nobody, and closes nothing.
    ...(said === "" ? [] : [`## What the new version says\n\n${said.replace(/[@#](?=\w)/g, "$&\u200b")}`]),
  ].join("\n\n");
}

function needed(line: CommandLine, name: string): string {
  const value = line.value(name);
  if (value === undefined) {
    throw new CommandError(`--${name} is missing\n\n${HELP}`);
  }
  return value;
}

function timeOf(line: CommandLine): string {
  const time = needed(line, "before");
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(time) || Number.isNaN(Date.parse(time))) {
    throw new CommandError(`--before ${JSON.stringify(time)} is not a time; write 2027-01-31T00:00:00Z`);
  }
  return time;
}
