// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { AppliedDecision, Outcome } from "./outcome";
import type { FileState } from "../comparison/decision";

/** The note of a preview when every file is right and only the lock is not. */
export const LOCK_OUTDATED = ".ray-platform/lock.json is out of date";

/** The report that previews and updates hand to the command line, as JSON. */
export interface Report {
  readonly format: 1;
  /** Version of ray-platform that rendered. */
  readonly generator: string;
  /** Version that ran before; undefined if none did. */
  readonly previousGenerator: string | undefined;
  readonly files: readonly FileReport[];
  /** Remarks on the whole run. */
  readonly notes: readonly string[];
}

/** One file of a report. */
export interface FileReport {
  readonly path: string;
  readonly class: string;
  readonly component: string;
  /** The options that shape it. */
  readonly options?: readonly string[];
  readonly state: FileState;
  readonly action: string;
  readonly disk: string;
  readonly upstream: string;
  readonly note?: string;
  readonly saved?: string;
  /** Base64 of the content now and then, where they differ. */
  readonly before?: string;
  readonly after?: string;
}

/** A file of a report; content only where something is to change. */
export function fileReport(decision: AppliedDecision): FileReport {
  const { path, component, options, state, action, disk, upstream, note, saved, before, after } = decision;
  const differs = after !== undefined || action === "delete";
  return {
    path,
    class: decision.class,
    component,
    options,
    state,
    action,
    disk,
    upstream,
    note,
    saved,
    before: differs ? before?.toString("base64") : undefined,
    after: differs && action !== "delete" ? after?.toString("base64") : undefined,
  };
}

/** How many files of one kind are listed by name before the rest is counted. */
const LISTED = 12;

/** What a run tells its user; empty if nothing happened. */
export function describeOutcome(outcome: Outcome, notes: readonly string[]): string[] {
  const lines: string[] = [];
  const told = carriedOut(outcome).filter(isTold);
  for (const [verb, files] of grouped(told)) {
    const quiet = files.every(({ note, saved }) => note === undefined && saved === undefined);
    if (quiet && files.length > LISTED) {
      lines.push(`${verb}  ${files.length} files`);
      continue;
    }
    for (const file of files) {
      lines.push(`${verb}  ${file.path}${remark(file)}`);
    }
  }
  return [...lines, ...describeRun(outcome), ...notes];
}

/** The decisions of a run without those that it could not carry out. */
export function carriedOut({ decisions, skipped }: Outcome): readonly AppliedDecision[] {
  return decisions.filter(({ path }) => !skipped.includes(path));
}

/** What happened to a run beside what it decided. */
export function describeRun({ recovered, skipped, problems }: Outcome): string[] {
  return [
    ...(recovered === undefined
      ? []
      : ["an interrupted run was finished first:", ...recovered.map((change) => `  ${change}`)]),
    ...skipped.map((path) => `left alone  ${path} (it changed during the run; run again)`),
    ...problems,
  ];
}

function isTold({ state, action, note }: AppliedDecision): boolean {
  if (state === "edited") {
    return true;
  }
  if (action === "none" || action === "chmod") {
    return state === "released" || state === "orphan" ? note !== undefined : false;
  }
  return true;
}

function grouped(decisions: readonly AppliedDecision[]): Map<string, AppliedDecision[]> {
  const groups = new Map<string, AppliedDecision[]>();
  for (const decision of decisions) {
    const verb = verbOf(decision);
    groups.set(verb, [...(groups.get(verb) ?? []), decision]);
  }
  return groups;
}

function verbOf({ action, state, disk }: AppliedDecision): string {
  switch (action) {
    case "write":
      return state === "deleted" || (state === "added" && disk === "absent")
        ? state === "deleted"
          ? "restored"
          : "created"
        : "updated";
    case "chmod":
      return state === "edited" ? "restored" : "kept";
    case "save-and-write":
    case "move-and-write":
      return state === "edited" ? "restored" : "replaced";
    case "merge":
      return state === "conflict" ? "conflict" : "merged";
    case "delete":
      return "deleted";
    default:
      return state === "released" ? "released" : "kept";
  }
}

function remark({ note, saved }: AppliedDecision): string {
  const parts = [note, saved === undefined ? undefined : `your version: ${saved}`].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}
