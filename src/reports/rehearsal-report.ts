// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { format, reportFormat } from "./report-format";
import { list, number, object, type Of, text } from "./shape";

const finding = object({
  stack: text,
  /** What was rehearsed when it was found, such as `create` or `destroy`. */
  act: text,
  message: text,
});

/** What `ray-platform rehearse --json` prints. */
export const rehearsalReport = reportFormat(
  "rehearse --json",
  object(
    {
      format,
      /** That of the command: 0 or 2. */
      exitCode: number,
      environments: list(text),
      realProviders: object(
        { /** Stacks that the real providers judged, mocked by Terraform. */ stacks: number },
        { /** Why they did not judge. */ reason: text },
      ),
      findings: list(finding),
    },
    {
      /** Commit that the working tree was changed from; absent where there was no change to rehearse. */ changedFrom:
        text,
    },
  ),
);
export type RehearsalReport = Of<typeof rehearsalReport.shape>;
