// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileReport, Report } from "../../src/sync/run/report";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../../src/sync/run/run-variables";
import { generate, type MiniOptions, temporaryDirectory } from "./mini-project";

/** What a regeneration would do. */
export function previewOf(root: string, options: MiniOptions): Report {
  return reportOf(PREVIEW_VARIABLE, root, options);
}

/** Regenerates as `update` does. */
export function updateWith(root: string, options: MiniOptions): Report {
  return reportOf(UPDATE_VARIABLE, root, options);
}

/** One file of a report. */
export function fileOf(report: Report, path: string): FileReport | undefined {
  return report.files.find((file) => file.path === path);
}

function reportOf(variable: string, root: string, options: MiniOptions): Report {
  const file = join(temporaryDirectory(), "report.json");
  process.env[variable] = file;
  try {
    generate(root, options);
  } finally {
    delete process.env[variable];
  }
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}
