// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { DiffReport } from "../reports/file-reports";
import type { FileReport, Report } from "../sync/run/report";
import { type FilePair, unifiedDiff } from "../sync/comparison/unified-diff";
import { type CommandLine, parseCommandLine } from "./command-line";
import type { CommandIo } from "./command-io";
import { coloredDiff, showsColors } from "./diff-colors";
import { diffStat } from "./diff-stat";
import { ExitCode } from "./exit-code";
import { withoutContent } from "./json-report";
import { leftOvers } from "./left-overs";
import { type MigratedCopy, withMigratedCopy } from "./migrated-copy";
import { preview, previewReusing } from "./preview";
import { selectedFiles } from "./selected-files";
import { versionAdviceHere } from "./version-here";

const HELP = `Usage: ray-platform diff [--stat | --json] [--no-cache] [path...]

Shows what "npx projen" would change, and what "npx ray-platform update" would merge. Writes nothing
to the repository.

  --stat      one line for each file
  --json      the result for machines: class, component, state and action of every file
  --no-cache  render again even if nothing changed since the last preview; in CI ($CI is set) that is always so
  path        only these files or directories; * and ** match
`;

/** Runs `ray-platform diff`. */
export function diffCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const switches = { stat: { type: "boolean" }, json: { type: "boolean" }, "no-cache": { type: "boolean" } } as const;
  const line = parseCommandLine(argv, switches, true);
  if (line.has("help")) {
    io.out(HELP);
    return ExitCode.CLEAN;
  }
  return withMigratedCopy(io.cwd, (copy) => {
    const report = copy === undefined && !line.has("no-cache") ? previewReusing(io.cwd) : preview(copy?.root ?? io.cwd);
    show(report, copy, line, io);
    return ExitCode.CLEAN;
  });
}

function show(report: Report, copy: MigratedCopy | undefined, line: CommandLine, io: CommandIo): void {
  const files = selectedFiles(report.files, line.positionals);
  const migrations = copy?.migrations.map(({ id, description }) => ({ id, description })) ?? [];
  const advice = versionAdviceHere(io.cwd);
  const notes = [
    ...leftOvers(io.cwd).notes,
    ...(advice === undefined ? [] : [advice]),
    ...(copy?.notes ?? []),
    ...report.notes,
  ];
  if (line.has("json")) {
    const comparison: DiffReport = { ...withoutContent({ ...report, files, notes }), migrations };
    io.out(`${JSON.stringify(comparison)}\n`);
    return;
  }
  for (const { id, description } of migrations) {
    io.out(`migration     ${id}: ${description}; "npx ray-platform update --installed" applies it\n`);
  }
  const notable = files.filter(isNotable);
  for (const file of notable) {
    io.out(`${file.state.padEnd(13)} ${file.path}${file.note === undefined ? "" : ` (${file.note})`}\n`);
  }
  for (const note of notes) {
    io.out(`${note}\n`);
  }
  const pairs: FilePair[] = notable
    .filter(({ before, after }) => before !== undefined || after !== undefined)
    .map(({ path, before, after }) => ({ path, before: decode(before), after: decode(after) }));
  if (copy !== undefined) {
    pairs.unshift(copy.projenrc);
  }
  if (pairs.length > 0) {
    io.out(`\n${line.has("stat") ? diffStat(pairs) : shown(unifiedDiff(pairs).toString("utf8"), io)}`);
  }
}

function shown(diff: string, { isTerminal = false }: CommandIo): string {
  return showsColors(isTerminal, process.env) ? coloredDiff(diff) : diff;
}

/** Whether there is something to say about a file. */
export function isNotable({ state, note, action }: FileReport): boolean {
  return (action !== "none" && action !== "chmod") || (state !== "unchanged" && note !== undefined);
}

function decode(content: string | undefined): Buffer | undefined {
  return content === undefined ? undefined : Buffer.from(content, "base64");
}
