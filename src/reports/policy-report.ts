// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { format, reportFormat } from "./report-format";
import { anything, list, number, object, type Of, text } from "./shape";

const violation = object(
  {
    /** Rule, such as `terraform/encryption`. */
    id: text,
    msg: text,
    /** Address of a Terraform resource, or kind and name of a manifest. */
    resource: text,
    /** Path within the resource. */
    path: text,
    /** What was found; null where nothing was. */
    value: anything,
    /** What would have been allowed; null where that is no single value. */
    limit: anything,
    fix: text,
  },
  {
    /** Line of the file, from 1, where the file tells. */
    line: number,
    /** Where a synthesized stack declares the resource, and the path of the construct that made it. */
    declared: object({ file: text, line: number }, { construct: text }),
  },
);

const judgement = object({
  file: text,
  /** What must stop a deployment. */
  deny: list(violation),
  /** What should be looked at. */
  warn: list(violation),
});

const entry = object(
  {
    /** Address of a Terraform resource, or kind and name of a manifest. */
    resource: text,
    /** Why it is not judged; empty if it is. */
    reason: text,
  },
  { /** Type of the Terraform resource. */ type: text, /** Place of the document in its file. */ path: text },
);

const environment = object({
  environment: text,
  /** Stacks of which a plan was judged. */
  planned: list(text),
  /** Stacks that were judged as they were synthesized. */
  synthesized: list(text),
  /** Controls that the environment's options leave out. */
  absent: list(text),
});

const coverage = object(
  {
    files: list(object({ file: text, /** `plan`, `stack` or `manifest`. */ kind: text, resources: list(entry) })),
    /** Files that are not judged. */
    skipped: list(object({ file: text, reason: text })),
  },
  { /** What the verdict on each environment's controls comes from. */ environments: list(environment) },
);

/**
 * What `ray-platform policy --json` prints: the violations of each file, and what was judged. A file can be judged more
 * than once.
 */
export const policyReport = reportFormat(
  "policy --json",
  object({ format, /** That of the command: 0 or 2. */ exitCode: number, files: list(judgement) }, { coverage }),
);
export type PolicyReport = Of<typeof policyReport.shape>;
