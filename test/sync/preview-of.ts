// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { previewReport } from "../../src/sync/run/preview-report";
import { readRendering } from "../../src/sync/run/rendering-exchange";
import type { FileReport, Report } from "../../src/sync/run/report";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../../src/sync/run/run-variables";
import { generate, type MiniOptions, temporaryDirectory } from "./mini-project";

/** What a regeneration would do. */
export function previewOf(root: string, options: MiniOptions): Report {
  const report = previewReport(readRendering(written(PREVIEW_VARIABLE, root, options), root));
  return JSON.parse(JSON.stringify(report)) as Report; // As a command hands it on.
}

/** Regenerates as `update` does. */
export function updateWith(root: string, options: MiniOptions): Report {
  return JSON.parse(written(UPDATE_VARIABLE, root, options)) as Report;
}

/** One file of a report. */
export function fileOf(report: Report, path: string): FileReport | undefined {
  return report.files.find((file) => file.path === path);
}

/** What a run writes to the file that a variable names. */
function written(variable: string, root: string, options: MiniOptions): string {
  const file = join(temporaryDirectory(), "report.json");
  process.env[variable] = file;
  try {
    generate(root, options);
  } finally {
    delete process.env[variable];
  }
  return readFileSync(file, "utf8");
}
