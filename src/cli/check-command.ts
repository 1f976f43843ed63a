// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { dataAge, dataAgeLine } from "../config/data-age";
import { PACKAGE_VERSION } from "../package-version";
import type { CheckReport, LockCheckReport } from "../reports/file-reports";
import { FORMAT } from "../reports/report-format";
import { convertedFiles } from "../sync/comparison/conversions";
import { type InspectedFile, inspect } from "../sync/comparison/inspect";
import { unlikeOriginals } from "../sync/comparison/originals";
import type { DiskFile } from "../sync/files/disk-file";
import { type FileReport, LOCK_OUTDATED, type Report } from "../sync/run/report";
import { CommandError } from "./command-error";
import { readLock } from "../sync/store/lock-file";
import { parseCommandLine } from "./command-line";
import { type CommandIo, nowOf } from "./command-io";
import { ExitCode } from "./exit-code";
import { withoutContent } from "./json-report";
import { leftOvers } from "./left-overs";
import { pendingHere } from "./migrated-copy";
import { preview, previewReusing } from "./preview";
import { versionAdviceHere } from "./version-here";

const HELP = `Usage: ray-platform check [--lock-only | --no-cache] [--json]

Checks that the generated files are what the options say. Writes nothing to the repository. Says how old the versions,
images and instance types are that the installed ray-platform knows; their age never fails the check.

Exit codes: 0 clean, 1 error, 2 a managed file or block was edited or deleted, 3 outdated, 4 conflict.

  --lock-only  compare the files with .ray-platform/lock.json only, and run nothing of the repository
  --no-cache   render again even if nothing changed since the last run; in CI ($CI is set) that is always so
  --json       print the result as JSON

Without --lock-only the check runs .projenrc.ts: it then also finds a lock that was changed together with a file, and
options that were changed without "npx projen". It runs neither tasks nor package scripts. On a pull request from a
fork, .projenrc.ts is code under review: run the check in a job without secrets and with read-only permissions.
`;

/** Runs `ray-platform check`. */
export function checkCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const line = parseCommandLine(argv, {
    "lock-only": { type: "boolean" },
    "no-cache": { type: "boolean" },
    json: { type: "boolean" },
  });
  if (line.has("help")) {
    io.out(HELP);
    return ExitCode.CLEAN;
  }
  return line.has("lock-only")
    ? checkLock(io, line.has("json"))
    : checkRender(io, line.has("json"), line.has("no-cache"));
}

function checkRender(io: CommandIo, json: boolean, anew: boolean): ExitCode {
  const advice = versionAdviceHere(io.cwd);
  if (advice !== undefined) {
    return checkOtherVersion(io, json, advice);
  }
  const left = leftOvers(io.cwd);
  const disks = new Map<string, DiskFile>();
  const rendered = anew ? preview(io.cwd, { disks }) : previewReusing(io.cwd, disks);
  const replaced = falselySame(io.cwd, true, disks);
  const report = withReplaced({ ...rendered, notes: [...left.notes, ...rendered.notes] }, replaced);
  const code = worse(exitCodeOf(report), left.code);
  if (json) {
    const checked: CheckReport = {
      exitCode: code,
      ...withoutContent(report),
      migrations: [],
      data: dataAge(nowOf(io)),
    };
    io.out(`${JSON.stringify(checked)}\n`);
    return code;
  }
  for (const file of report.files) {
    if (codeOfFile(file) !== ExitCode.CLEAN) {
      io.out(`${file.state.padEnd(13)} ${file.path}${file.note === undefined ? "" : ` (${file.note})`}\n`);
    }
  }
  for (const note of [...report.notes, dataAgeLine(dataAge(nowOf(io)))]) {
    io.out(`${note}\n`);
  }
  io.out(`${VERDICTS[code]}\n`);
  return code;
}

/**
 * Files that look as they were generated and yet are not what this version ships, or are something else in a commit.
 * @param isSameVersion whether this version generated them: another one may ship something else
 * @param disks what was already read of the repository, by its path
 * @returns what to say of each, by its path
 */
function falselySame(
  cwd: string,
  isSameVersion: boolean,
  disks?: ReadonlyMap<string, DiskFile>,
): ReadonlyMap<string, string> {
  const { lock } = readLock(cwd);
  const compared = [...lock.files].filter(([, { class: owner }]) => owner === "managed" || owner === "block");
  return new Map([
    ...convertedFiles(
      cwd,
      compared.map(([path]) => path),
    ),
    ...(isSameVersion ? unlikeOriginals(cwd, lock, disks) : []),
  ]);
}

/** The same of files that the rendering takes for right, as one that a projenrc changed in the same way, or left out. */
function withReplaced(report: Report, replaced: ReadonlyMap<string, string>): Report {
  const files = report.files.map((file): FileReport => {
    const note = codeOfFile(file) === ExitCode.CLEAN ? replaced.get(file.path) : undefined;
    return note === undefined ? file : { ...file, state: "edited", note };
  });
  const absent = unnamed(files, replaced).map(
    ([path, note]): FileReport => ({
      ...{ path, class: "managed", component: "", state: "deleted", action: "none", disk: "deleted" },
      ...{ upstream: "removed", note },
    }),
  );
  return { ...report, files: [...files, ...absent] };
}

/** What is to be said of paths that are not listed: nothing generates them any more. */
function unnamed(files: readonly { readonly path: string }[], said: ReadonlyMap<string, string>): [string, string][] {
  const paths = new Set(files.map(({ path }) => path));
  return [...said].filter(([path]) => !paths.has(path));
}

/** What another version generated is compared with its lock: this version would render something else. */
function checkOtherVersion(io: CommandIo, json: boolean, advice: string): ExitCode {
  const migrations = pendingHere(io.cwd).map(({ id, description }) => ({ id, description }));
  const left = leftOvers(io.cwd);
  const { files, code } = comparedWithLock(io.cwd);
  const exitCode = worse(code === ExitCode.CLEAN ? ExitCode.OUTDATED : code, left.code);
  if (json) {
    const report: CheckReport = {
      format: FORMAT,
      exitCode,
      generator: PACKAGE_VERSION,
      // What this version would render is not asked, so that nothing is said of it.
      files: files.map(({ path, class: owner, component, disk, note }) => ({
        ...{ path, class: owner, component, state: disk, action: "none", disk, upstream: "unknown" },
        note,
      })),
      notes: [...left.notes, advice],
      migrations,
      data: dataAge(nowOf(io)),
    };
    io.out(`${JSON.stringify(report)}\n`);
    return exitCode;
  }
  for (const { id, description } of migrations) {
    io.out(`migration     ${id}: ${description}\n`);
  }
  showInspected(files, io);
  for (const note of [...left.notes, advice]) {
    io.out(`${note}\n`);
  }
  return exitCode;
}

/** The worse of two codes: conflict, then edited, then outdated. */
function worse(one: ExitCode, other: ExitCode): ExitCode {
  return [ExitCode.CONFLICT, ExitCode.EDITED, ExitCode.OUTDATED].find((code) => code === one || code === other) ?? one;
}

const VERDICTS: Readonly<Record<ExitCode, string>> = {
  [ExitCode.CLEAN]: "clean",
  [ExitCode.ERROR]: "error",
  [ExitCode.EDITED]: 'edited: "npx ray-platform diff" shows how; "npx projen" saves the edits and restores the files',
  [ExitCode.OUTDATED]:
    'outdated: run "npx projen", or "npx ray-platform update --installed" for seeded files, and commit',
  [ExitCode.CONFLICT]: 'conflict: "npx ray-platform diff" shows where',
};

/** The worst that a report says: conflict, then edited, then outdated. */
export function exitCodeOf(report: Report): ExitCode {
  const codes = new Set(report.files.map(codeOfFile));
  for (const code of [ExitCode.CONFLICT, ExitCode.EDITED, ExitCode.OUTDATED]) {
    if (codes.has(code)) {
      return code;
    }
  }
  return report.notes.includes(LOCK_OUTDATED) ? ExitCode.OUTDATED : ExitCode.CLEAN;
}

function codeOfFile({ state, action, class: owner }: FileReport): ExitCode {
  switch (state) {
    case "conflict":
      return ExitCode.CONFLICT;
    case "obstructed":
      return action === "none" ? ExitCode.CLEAN : ExitCode.CONFLICT;
    case "edited":
    case "foreign":
      return ExitCode.EDITED;
    case "deleted":
      return owner === "seeded" ? ExitCode.CLEAN : ExitCode.EDITED;
    case "added":
    case "updated":
    case "merge":
    case "orphan":
    case "orphan-edited":
      return ExitCode.OUTDATED;
    case "unchanged":
    case "released":
      return ExitCode.CLEAN;
  }
}

function checkLock(io: CommandIo, json: boolean): ExitCode {
  const left = leftOvers(io.cwd);
  const { generator, files, code: compared } = comparedWithLock(io.cwd);
  const code = worse(compared, left.code);
  if (generator === undefined) {
    throw new CommandError("there is no .ray-platform/lock.json");
  }
  if (json) {
    const notes = [...left.notes];
    const report: LockCheckReport = {
      format: FORMAT,
      exitCode: code,
      generator,
      files,
      notes,
      data: dataAge(nowOf(io)),
    };
    io.out(`${JSON.stringify(report)}\n`);
    return code;
  }
  showInspected(files, io);
  for (const note of [...left.notes, dataAgeLine(dataAge(nowOf(io)))]) {
    io.out(`${note}\n`);
  }
  io.out(`${VERDICTS[code]}\n`);
  return code;
}

/** The files that differ from the lock, and what that amounts to. */
function comparedWithLock(cwd: string): {
  readonly generator: string | undefined;
  readonly files: readonly InspectedFile[];
  readonly code: ExitCode;
} {
  const inspection = inspect(cwd);
  const replaced = falselySame(cwd, inspection.generator === PACKAGE_VERSION);
  const compared = inspection.files.map((file): InspectedFile => {
    const note = codeOfInspected(file) === ExitCode.CLEAN ? replaced.get(file.path) : undefined;
    // What a lock calls the user's although the package answers for it is not.
    return note === undefined ? file : { ...file, class: "managed", disk: "edited", note };
  });
  const absent = unnamed(compared, replaced).map(
    ([path, note]): InspectedFile => ({
      ...{ path, class: "managed", component: "", version: PACKAGE_VERSION, sha256: "", mode: "644" },
      ...{ disk: "deleted", note },
    }),
  );
  const files = [...compared, ...absent].filter((file) => codeOfInspected(file) !== ExitCode.CLEAN);
  const codes = new Set(files.map(codeOfInspected));
  const code = [ExitCode.CONFLICT, ExitCode.EDITED].find((worst) => codes.has(worst)) ?? ExitCode.CLEAN;
  return { generator: inspection.generator, files, code };
}

function showInspected(files: readonly InspectedFile[], io: CommandIo): void {
  for (const { path, disk, note } of files) {
    io.out(`${disk.padEnd(13)} ${path}${note === undefined ? "" : ` (${note})`}\n`);
  }
}

function codeOfInspected({ class: owner, disk }: InspectedFile): ExitCode {
  if (disk === "conflict") {
    return ExitCode.CONFLICT;
  }
  if (disk === "same" || owner === "released" || owner === "seeded") {
    return ExitCode.CLEAN;
  }
  return disk === "obstructed" ? ExitCode.CONFLICT : ExitCode.EDITED;
}
