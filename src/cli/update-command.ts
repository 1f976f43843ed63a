// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MIGRATIONS } from "../migrations";
import { type MigrationOutcome, migrate } from "../migrations/migrate";
import { compareVersions } from "../version-order";
import { npmProcess } from "../npm-process";
import { PACKAGE_VERSION } from "../package-version";
import { runReport, type UpdateReport } from "../reports/file-reports";
import { FORMAT } from "../reports/report-format";
import { inspect } from "../sync/comparison/inspect";
import type { Report } from "../sync/run/report";
import { UPDATE_VARIABLE } from "../sync/run/run-variables";
import { CommandError } from "./command-error";
import { parseCommandLine } from "./command-line";
import type { CommandIo } from "./command-io";
import { isNotable } from "./diff-command";
import { ExitCode } from "./exit-code";
import { findProjenrc } from "./find-projenrc";
import { startGenerator } from "./generator-command";
import { securityNotes } from "./security-notes";
import { updateNotes, waitsForUser } from "./update-notes";
import type { UpdateResult } from "./update-result";

const HELP = `Usage: ray-platform update [--to SPEC | --installed] [--interactive] [--no-post] [--json] [--notes FILE]

Moves the repository to another version of ray-platform: installs it, applies its migrations, regenerates, and merges
its changes into seeded files. Exit codes: 0 done, 1 error, 4 done, but a merge left conflicts for you to resolve.

  --to SPEC     version, tag or package specification (default: latest)
  --installed   do not install: use the version in node_modules
  --interactive ask about each edit of yours that would be undone: take, keep and release, or merge
  --no-post     do not install dependencies after regenerating
  --json        print what happened as JSON
  --notes FILE  write what happened as Markdown, for the text of a pull request
`;

/** Runs `ray-platform update`. */
export function updateCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const line = parseCommandLine(argv, {
    to: { type: "string" },
    installed: { type: "boolean" },
    interactive: { type: "boolean" },
    "no-post": { type: "boolean" },
    json: { type: "boolean" },
    notes: { type: "string" },
    // What the version before hands to the version that it installed.
    spec: { type: "string" },
  });
  if (line.has("help")) {
    io.out(HELP);
    return ExitCode.CLEAN;
  }
  findProjenrc(io.cwd);
  if (!line.has("installed")) {
    return installAndContinue(line.value("to"), argv, io);
  }
  const ask = () => line.has("interactive") && askAboutEdits(io);
  const result = updateToInstalled(io, line.value("spec"), line.has("no-post"), ask);
  const notes = line.value("notes");
  if (notes !== undefined) {
    writeFileSync(resolve(io.cwd, notes), updateNotes(result));
  }
  const report: UpdateReport = { format: FORMAT, ...result };
  io.out(line.has("json") ? `${JSON.stringify(report)}\n` : summary(result));
  return result.files.some(waitsForUser) ? ExitCode.CONFLICT : ExitCode.CLEAN;
}

/** Installs another version and lets it do the rest: its templates and its migrations are not in this one. */
function installAndContinue(to: string | undefined, argv: readonly string[], io: CommandIo): ExitCode {
  const wanted = packageSpec(io.cwd, to ?? "latest");
  install(io, wanted);
  const installed = installedVersion(io.cwd);
  if (to === undefined && compareVersions(installed, PACKAGE_VERSION) < 0) {
    installAgain(io, installed);
  }
  const spec = /^ray-platform@(file|git|https?)[:+]/.test(wanted) ? wanted : `ray-platform@${installedVersion(io.cwd)}`;
  const rest = argv.filter(
    (argument, index) => argument !== "--to" && argv[index - 1] !== "--to" && !argument.startsWith("--to="),
  );
  const command = join(io.cwd, "node_modules", "ray-platform", "bin", "ray-platform");
  const { status, stdout } = spawnSync(process.execPath, [command, "update", "--installed", "--spec", spec, ...rest], {
    cwd: io.cwd,
    // Whoever is asked needs the terminal.
    stdio: argv.includes("--interactive") ? "inherit" : ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 28,
  });
  io.out(stdout?.toString("utf8") ?? "");
  return status ?? ExitCode.ERROR;
}

/** Puts the version that runs back into place: what may be installed is older, as within a cool-down. */
function installAgain(io: CommandIo, older: string): void {
  try {
    install(io, `ray-platform@${PACKAGE_VERSION}`);
  } catch (error) {
    if (!(error instanceof CommandError)) {
      throw error;
    }
    throw new CommandError(
      `ray-platform ${PACKAGE_VERSION} generated this repository and can no longer be installed, perhaps because it was withdrawn; ` +
        `the newest version that can be installed is ${older}. To go back to it: "npx ray-platform update --to ${older}"`,
    );
  }
  io.err(`the newest version that may be installed is ${older}; ${PACKAGE_VERSION} stays\n`);
}

/** `0.2.0` and `latest` as a specification; a path becomes one that npm cannot mistake for anything else. */
function packageSpec(cwd: string, to: string): string {
  const bare = to.replace(/^ray-platform@/, "");
  const isPath = /^(?:\.{0,2}[\\/]|[A-Za-z]:[\\/]|file:)/.test(bare) || bare.endsWith(".tgz");
  return `ray-platform@${isPath ? `file:${resolve(cwd, bare.replace(/^file:/, ""))}` : bare}`;
}

/** Into node_modules only: package.json is generated, and the new version renders it. */
function install(io: CommandIo, spec: string): void {
  io.err(`installing ${spec}: npm waits for its registry...\n`);
  const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  const { command, args, shell } = npmProcess(["install", ...flags, spec]);
  const { status, error } = spawnSync(command, args, { cwd: io.cwd, stdio: ["ignore", 2, 2], shell });
  if (status !== 0) {
    const cause = error === undefined ? "" : ` (${error.message})`;
    throw new CommandError(
      `npm could not install ${spec}${cause}; nothing was changed. Does "npm ping" reach the registry?`,
    );
  }
}

function installedVersion(cwd: string): string {
  const file = join(cwd, "node_modules", "ray-platform", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The generator asks; what it is told is in `.projenrc.ts` then. */
function askAboutEdits(io: CommandIo): void {
  // Ctrl-C between two questions reaches this process too, which has to put back what it changed.
  const wait = () => {};
  process.on("SIGINT", wait);
  let code: number;
  try {
    code = startGenerator("resolve", [], io);
  } finally {
    process.removeListener("SIGINT", wait);
  }
  if (code !== ExitCode.CLEAN && code !== ExitCode.CONFLICT) {
    throw new CommandError("the update was canceled, and every file is as it was before");
  }
}

/** @param ask is called once the options are those of this version, and before anything is generated */
function updateToInstalled(io: CommandIo, spec: string | undefined, noPost: boolean, ask: () => void): UpdateResult {
  const before = inspect(io.cwd);
  const from = before.generator;
  if (from !== undefined && compareVersions(from, PACKAGE_VERSION) > 0) {
    io.err(`this repository was generated by the newer ray-platform ${from}; going back to ${PACKAGE_VERSION}\n`);
  }
  const migrated: MigrationOutcome = migrate(io.cwd, MIGRATIONS, spec);
  try {
    ask();
  } catch (error) {
    migrated.undo();
    throw error;
  }
  const report = regenerateForUpdate(io, noPost);
  const components = new Set(report.files.map(({ component }) => component));
  return {
    from,
    to: PACKAGE_VERSION,
    migrations: migrated.applied.map(({ id, description }) => ({ id, description })),
    notes: [...migrated.notes, ...report.notes],
    securityNotes: from === undefined ? [] : securityNotes(from, PACKAGE_VERSION, components),
    files: report.files.filter(isNotable).map(({ before: _before, after: _after, ...file }) => file),
  };
}

/** In a process of its own, so that what tools print while dependencies are installed stays out of our output. */
function regenerateForUpdate(io: CommandIo, noPost: boolean): Report {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-update-"));
  const file = join(directory, "report.json");
  try {
    const { status } = spawnSync(process.execPath, [process.argv[1] as string, "projenrc"], {
      cwd: io.cwd,
      stdio: ["ignore", 2, 2],
      env: { ...process.env, [UPDATE_VARIABLE]: file, ...(noPost ? { PROJEN_DISABLE_POST: "true" } : {}) },
    });
    if (status !== 0) {
      throw new CommandError("regeneration failed; correct the cause above and run the update again");
    }
    return runReport.read(readFileSync(file, "utf8")) as Report;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function headline({ from, to, files }: UpdateResult): string {
  if (from !== to) {
    return `ray-platform ${from ?? "(none)"} -> ${to}`;
  }
  return files.length === 0 ? `ray-platform ${to}: up to date` : `ray-platform ${to}`;
}

function summary(result: UpdateResult): string {
  const lines = [headline(result)];
  for (const { id, description } of result.migrations) {
    lines.push(`migrated      ${id}: ${description}`);
  }
  for (const { state, path, note, saved } of result.files) {
    const remarks = [note, saved === undefined ? undefined : `your version: ${saved}`].filter(
      (part) => part !== undefined,
    );
    lines.push(`${state.padEnd(13)} ${path}${remarks.length === 0 ? "" : ` (${remarks.join("; ")})`}`);
  }
  lines.push(...result.notes);
  if (result.securityNotes.length > 0) {
    lines.push(
      "",
      "Security:",
      ...result.securityNotes.map(({ version, kind, id, text }) => `  ${version}  ${kind} ${id}: ${text}`),
    );
  }
  return `${lines.join("\n")}\n`;
}
