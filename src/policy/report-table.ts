// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Coverage, coverageLines } from "./coverage";
import type { Judgement } from "./judgement";
import type { Violation } from "./violation";

/** A report for people: per file each violation with its fix, what was judged, and a last line that sums up. */
export function tableReport(judgements: readonly Judgement[], coverage: Coverage): string {
  const sections = judgements.filter(({ deny, warn }) => deny.length + warn.length > 0).map(section);
  const covered = `coverage\n${coverageLines(coverage).join("\n")}\n`;
  return [...sections, covered, `${summary(judgements)}\n`].join("\n");
}

function section({ file, deny, warn }: Judgement): string {
  const width = Math.max(...[...deny, ...warn].map(({ id }) => id.length));
  const all = [
    ...deny.map((violation) => lines("deny", violation, width, file)),
    ...warn.map((violation) => lines("warn", violation, width, file)),
  ];
  return `${file}\n${all.join("")}`;
}

function lines(
  severity: string,
  { id, msg, path, fix, line, declared }: Violation,
  width: number,
  file: string,
): string {
  const indent = " ".repeat(width + 9);
  const where = line === undefined ? "" : ` (${file}:${line})`;
  const place = path === "" && where === "" ? "" : `${indent}at ${path === "" ? "the document" : path}${where}\n`;
  const by = declared?.construct === undefined ? "" : ` by ${declared.construct}`;
  const made = declared === undefined ? "" : `${indent}declared in ${declared.file}:${declared.line}${by}\n`;
  return `  ${severity}  ${id.padEnd(width)} ${msg}\n${place}${made}${fix === "" ? "" : `${indent}fix: ${fix}\n`}`;
}

function summary(judgements: readonly Judgement[]): string {
  const count = (key: "deny" | "warn") => judgements.reduce((sum, judgement) => sum + judgement[key].length, 0);
  const files = new Set(judgements.map(({ file }) => file)).size;
  return `${files} ${files === 1 ? "file" : "files"}: ${count("deny")} denied, ${count("warn")} warned`;
}
