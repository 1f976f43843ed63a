// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { FileReport } from "../sync/run/report";
import type { UpdateResult } from "./update-result";

/** An update as Markdown, for the text of a pull request. */
export function updateNotes(result: UpdateResult): string {
  const sections = [
    result.from === result.to
      ? `ray-platform stays at ${result.to}.`
      : `Moves this repository from ray-platform ${result.from ?? "(none)"} to ${result.to}.`,
    section(
      "Security",
      result.securityNotes.map(({ version, kind, id, text }) => `- ${version}: ${kind} \`${id}\`: ${text}`),
    ),
    section("Conflicts to resolve", files(result, waitsForUser)),
    section(
      "Your edits that were undone, and where they are kept",
      files(result, ({ saved }) => saved !== undefined),
    ),
    section(
      "Merged with your changes",
      files(result, ({ state }) => state === "merge"),
    ),
    section(
      "Migrations",
      result.migrations.map(({ id, description }) => `- \`${id}\`: ${description}`),
    ),
    section(
      "Changed",
      files(result, ({ state }) => ["added", "updated", "deleted", "orphan"].includes(state)),
    ),
    section(
      "Left to you",
      files(result, ({ state }) => state === "released" || state === "orphan-edited"),
    ),
    section(
      "Remarks",
      result.notes.map((note) => `- ${note}`),
    ),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

/** A conflict that was settled by saving the user's version is reported, but nobody has to act on it. */
export function waitsForUser({ state, action }: FileReport): boolean {
  return (state === "conflict" || state === "obstructed") && (action === "merge" || action === "keep");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

function files(result: UpdateResult, select: (file: FileReport) => boolean): string[] {
  return result.files.filter(select).map(({ path, state, note, saved }) => {
    const remarks = [note, saved === undefined ? undefined : `kept in \`${saved}\``].filter(
      (part) => part !== undefined,
    );
    return `- \`${path}\`: ${state}${remarks.length === 0 ? "" : ` (${remarks.join("; ")})`}`;
  });
}
