// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../explained-error";
import { secretIn } from "./secret-text";

/** Stands for a value that no message repeats. */
export const NOT_SHOWN = "(not shown)";

/** Something wrong with one option. */
export interface OptionIssue {
  /** Path of the option, such as `environments[1].network.vpcCidr`. */
  readonly path: string;
  /** The value found. */
  readonly value: unknown;
  /** What a value must satisfy. */
  readonly rule: string;
  /** What to write instead. */
  readonly fix: string;
}

/** Thrown before anything is written; its message lists every issue at once. */
export class OptionsError extends ExplainedError {
  declare public readonly issues: readonly OptionIssue[];

  public constructor(issues: readonly OptionIssue[]) {
    super(render(issues));
    // Node prints the enumerable properties of an uncaught error after its message, which says it all.
    Object.defineProperty(this, "issues", { value: issues, enumerable: false });
  }
}

/** Collects issues so that a user sees all of them in one run. */
export class IssueList {
  private readonly found: OptionIssue[] = [];
  private readonly doubtful: OptionIssue[] = [];

  public add(path: string, value: unknown, rule: string, fix: string): void {
    include(this.found, path, value, rule, fix);
  }

  /** Something that is allowed, and that a user may not have meant. */
  public warn(path: string, value: unknown, rule: string, fix: string): void {
    include(this.doubtful, path, value, rule, fix);
  }

  public get issues(): readonly OptionIssue[] {
    return this.found;
  }

  public get warnings(): readonly OptionIssue[] {
    return this.doubtful;
  }

  /** @throws OptionsError if there is any issue. */
  public throwIfAny(): void {
    if (this.found.length > 0) {
      throw new OptionsError(this.found);
    }
  }
}

function include(list: OptionIssue[], path: string, value: unknown, rule: string, fix: string): void {
  if (!list.some((issue) => issue.path === path && issue.rule === rule)) {
    list.push({ path, value: withoutSecret(value, path), rule, fix });
  }
}

/** A value as a message may show it: what is wrong with it may be that it is a credential in the wrong place. */
function withoutSecret(value: unknown, path: string): unknown {
  const text = typeof value === "string" ? value : (stringify(value) ?? "");
  const name = typeof value === "string" ? /[^.[\]-]+(?=["\]]*$)/.exec(path)?.[0] : undefined;
  return secretIn(text, name) === undefined ? value : NOT_SHOWN;
}

/** What is wrong, one after the other. */
export function issueLines(issues: readonly OptionIssue[]): string[] {
  return issues.map(({ path, value, rule, fix }) => `  ${path} = ${show(value)}\n    rule: ${rule}\n    fix:  ${fix}`);
}

function render(issues: readonly OptionIssue[]): string {
  const lines = issueLines(issues);
  const count = issues.length === 1 ? "1 option is wrong" : `${issues.length} options are wrong`;
  return `${count}; nothing was written.\n\n${lines.join("\n\n")}\n`;
}

function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** @returns undefined for what JSON cannot say */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? `${item}n` : item));
  } catch {
    return undefined;
  }
}
