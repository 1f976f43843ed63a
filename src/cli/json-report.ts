// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Report } from "../sync/run/report";

/** A report for people's scripts: what is to happen to which file, without the files' content. */
export function withoutContent(report: Report): Report {
  return { ...report, files: report.files.map(({ before: _before, after: _after, ...file }) => file) };
}
