// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { format, reportFormat } from "./report-format";
import { list, object, type Of, text } from "./shape";

/** What `ray-platform explain --json` prints. */
export const explanationReport = reportFormat(
  "explain --json",
  object({
    format,
    /** What was asked for. */
    subject: text,
    /** `control`, `rule`, `workflow`, `option` or `file`. */
    kind: text,
    /** Ids of the controls that stand behind it. */
    controls: list(text),
    lines: list(object({ label: text, text })),
  }),
);
export type ExplanationReport = Of<typeof explanationReport.shape>;
