// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { format, reportFormat } from "./report-format";
import { list, number, object, type Of, text } from "./shape";

const evidence = object(
  { /** Relative to the root of the repository. */ file: text },
  {
    /** Line of the file, from 1. */ line: number,
    /** Address of a Terraform resource, or kind and name of a manifest. */ resource: text,
    /** What is wrong there. */ problem: text,
  },
);

const control = object({
  id: text,
  /** `proven`, `violated`, `unproven`, `released`, `delegated` or `absent`. */
  state: text,
  /** What it says with this repository's options, environment by environment. */
  statements: list(object({ state: text, sentence: text, environments: list(text) })),
  /** Rules that were asked. */
  rules: list(text),
  evidence: list(evidence),
});

/** What `ray-platform posture --json` prints. */
export const postureReport = reportFormat(
  "posture --json",
  object({ format, /** That of the command: 0 or 2. */ exitCode: number, controls: list(control) }),
);
export type PostureReport = Of<typeof postureReport.shape>;
/** A control as a repository has it. */
export type PostureControl = PostureReport["controls"][number];
