// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from "../options/workflow-options";
import type { WorkflowRecord } from "./workflow-record";

/**
 * A security gate: all that lists, settings, documents and tests need to know of it. It is data, so that each of them can be
 * derived; what a gate does to its workflow beyond that is in `workflow.ts` beside it.
 *
 * @typeParam Own the gate's own options, beside those that gates share, with every default filled in
 */
export interface GateRecord<Own extends object = object> extends WorkflowRecord {
  /** Its field of the option `workflows`. */
  readonly option: NonNullable<WorkflowRecord["option"]>;
  /** Name of the tool, as documents and messages say it. */
  readonly tool: string;
  /** Keys of the table `tools` of workflows/pins.json: programs and images that the workflow runs. */
  readonly pins: readonly string[];
  /** Whether these programs read what strangers wrote, so that a job that runs one must hold no secret. */
  readonly scanner: boolean;
  /** What it looks at. A row of the security document's table. */
  readonly coverage: string;
  /** Ids of data/controls.json that it carries out. */
  readonly controls: readonly string[];
  /**
   * How a failure tells a finding from a run without a verdict, by job, for jobs that keep no SARIF report. Absent: every
   * failure is a finding, unless the program could not be started or did not end.
   */
  readonly findings?: Readonly<Record<string, readonly FindingSign[]>>;
  /** How `minimumSeverity` reaches the tool. Absent: its findings have no severity. */
  readonly severity?: GateSeverity;
  /** Which exceptions it takes. Absent: none. */
  readonly exceptions?: GateExceptions;
  /** Configuration files that it writes, in the order in which they are written. */
  readonly configuration: readonly GateConfiguration[];
  /** Defaults of its own options. */
  readonly defaults: Own;
  /** What strings of its own options must look like, by option; of a list, each item. */
  readonly patterns?: { readonly [option in keyof Own]?: TextRule };
}

/** What a job does when it has found something. */
export interface FindingSign {
  /** What its step ends with. */
  readonly exitCodes: readonly number[];
  /** What it prints, where the same code says something else too. */
  readonly output?: RegExp;
}

/** Severities in a tool's own words. */
export interface GateSeverity {
  readonly words: Readonly<Record<FindingSeverity, string>>;
  /**
   * The argument that carries the word in the workflow's scripts. The workflow file says `<flag> <word for medium>`.
   * Absent: `workflow.ts` knows where the word goes.
   */
  readonly flag?: string;
}

/** What an exception of a gate may say. */
export interface GateExceptions {
  /**
   * How far the tool can limit an exception:
   * `finding`: a finding, everywhere;
   * `finding-or-path`: a finding, everywhere or below a path; or all findings below a path;
   * `finding-else-path`: a finding, everywhere; or all findings below a path;
   * `path`: all findings below a path;
   * `finding-of-workflow`: a finding in one file below `.github/`.
   */
  readonly scope: "finding" | "finding-or-path" | "finding-else-path" | "path" | "finding-of-workflow";
  /** Whether an exception may name a resource of the stacks: it is then written beside the resource, not into a file. */
  readonly resources: boolean;
  /** One exception of each form that it takes. Tests and verification try them. */
  readonly examples: readonly { readonly id: string; readonly path?: string }[];
}

/** A configuration file of a tool. */
export interface GateConfiguration {
  /**
   * Where it is in a generated repository: below `.github/scanners/`. It begins as the file of its name in
   * `templates/scanners/`, or empty if there is none.
   */
  readonly path: string;
  /** Whether it is there without the workflow too, because something else reads it. Default: false. */
  readonly always?: boolean;
  /**
   * Lists in a YAML file that exceptions are added to, each with its reason beside it: ids of findings, or paths that are
   * left out altogether. Absent: `workflow.ts` writes the file.
   */
  readonly lists?: readonly GateList[];
}

/** A list in a configuration file, and what it is of. */
export interface GateList {
  readonly key: readonly string[];
  readonly of: "ids" | "paths";
  /** How the tool is told a path of the repository. Absent: by the path itself. */
  readonly written?: (path: string) => string;
}

/** What a string must look like. */
export interface TextRule {
  /** Tells whether a string is right. */
  readonly pattern: Pick<RegExp, "test">;
  readonly rule: string;
  /** What to write instead; may depend on what was written. */
  readonly fix: string | ((text: string) => string);
}
