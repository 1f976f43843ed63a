// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters } from "node:util";
import type { JudgedJob } from "../local-gates/run-gates";

/** Outcomes as people read them. */
export const WORDS: Readonly<Record<JudgedJob["outcome"], string>> = {
  clean: "clean",
  found: "FOUND",
  "not-run": "NOT RUN",
  "on-github": "on GitHub only",
};

/** What the jobs that are not clean printed, and then a line for each job. */
export function gatesTable(judged: readonly JudgedJob[], isTerminal: boolean): string {
  const outputs = judged
    .filter(({ outcome, output }) => (outcome === "found" || outcome === "not-run") && output.trim() !== "")
    .map(({ job, output }) => {
      const text = isTerminal ? output : stripVTControlCharacters(output);
      return `--- ${job.check}\n${text.trimEnd()}\n`;
    });
  const rows = judged.map(({ job, outcome, seconds, notes, reason }) => ({
    cells: [job.check, WORDS[outcome], `${seconds.toFixed(1)} s`],
    notes: [...(reason === undefined ? [] : [reason]), ...notes],
  }));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map(({ cells }) => (cells[column] as string).length)));
  const lines = rows.map(({ cells, notes }) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] as number));
    return [...padded, notes.join("; ")].join("  ").trimEnd();
  });
  const count = (outcome: JudgedJob["outcome"]): number => judged.filter((one) => one.outcome === outcome).length;
  const sum = `${count("clean")} clean, ${count("found")} found something, ${count("not-run")} could not run, ${count("on-github")} on GitHub only`;
  return `${[...outputs, ...lines, "", sum].join("\n")}\n`;
}
