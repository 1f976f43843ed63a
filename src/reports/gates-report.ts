// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { format, reportFormat } from "./report-format";
import { list, number, object, type Of, text } from "./shape";

const check = object(
  {
    /** Id of the gate: its workflow's name. */
    gate: text,
    job: text,
    /** Name of the check, as a pull request shows it. */
    check: text,
    /** `clean`, `found`, `not-run` or `on-github`. */
    outcome: text,
    seconds: number,
    /** What differs from the run on GitHub. */
    notes: list(text),
    /** What the job's steps printed. */
    output: text,
  },
  { /** Why there is no verdict. */ reason: text },
);

/** What `ray-platform gates --json` prints. */
export const gatesReport = reportFormat(
  "gates --json",
  object({ format, /** That of the command: 0, 1 or 2. */ exitCode: number, checks: list(check) }),
);
export type GatesReport = Of<typeof gatesReport.shape>;
