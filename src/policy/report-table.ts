// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Judgement } from "./judgement";
import type { Violation } from "./violation";

/** A report for people: per file each violation with its fix, and a last line that sums up. */
export function tableReport(judgements: readonly Judgement[]): string {
  const sections = judgements.filter(({ deny, warn }) => deny.length + warn.length > 0).map(section);
  return [...sections, `${summary(judgements)}\n`].join("\n");
}

function section({ file, deny, warn }: Judgement): string {
  const width = Math.max(...[...deny, ...warn].map(({ id }) => id.length));
  const lines = [
    ...deny.map((violation) => line("deny", violation, width)),
    ...warn.map((violation) => line("warn", violation, width)),
  ];
  return `${file}\n${lines.join("")}`;
}

function line(severity: string, { id, msg, path, fix }: Violation, width: number): string {
  const indent = " ".repeat(width + 9);
  const place = path === "" ? "" : `${indent}at ${path}\n`;
  return `  ${severity}  ${id.padEnd(width)} ${msg}\n${place}${fix === "" ? "" : `${indent}fix: ${fix}\n`}`;
}

function summary(judgements: readonly Judgement[]): string {
  const count = (key: "deny" | "warn") => judgements.reduce((sum, judgement) => sum + judgement[key].length, 0);
  const files = new Set(judgements.map(({ file }) => file)).size;
  return `${files} ${files === 1 ? "file" : "files"}: ${count("deny")} denied, ${count("warn")} warned`;
}
