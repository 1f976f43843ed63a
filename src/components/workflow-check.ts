// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { resolve } from "projen/lib/_resolve";
import { Component } from "projen/lib/component";
import type { FileBase, IResolver } from "projen/lib/file";
import type { Project } from "projen/lib/project";
import { ExplainedError } from "../explained-error";
import { IssueList } from "../options/option-issues";
import { Ownership } from "../sync/files/ownership";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../sync/run/run-variables";
import { readLock } from "../sync/store/lock-file";
import { checkAutomation } from "../workflow-rules/check-automation";
import { formatViolation, withoutRelaxed } from "../workflow-rules/check-workflow";
import { automationFiles, automationKind, automationText } from "../workflow-rules/files-on-disk";
import type { PinTable } from "../workflow-rules/pin-table";
import type { RuleRelaxation, WorkflowViolation } from "../workflow-rules/rule";
import {
  calledFile,
  type JobView,
  NotAWorkflow,
  parseWorkflow,
  type WorkflowView,
} from "../workflow-rules/workflow-view";
import { WorkflowFile } from "./workflow-file";

/** What the check goes by. */
export interface WorkflowCheckProps {
  readonly pins: PinTable;
  readonly relaxations: readonly RuleRelaxation[];
  /** File names of generated workflows whose checks are required, and the names of these checks. */
  readonly required: readonly string[];
  readonly requiredChecks: readonly string[];
  /** The jobs of a generated workflow whose checks are required, by its file name, where not all are. */
  readonly requiredJobs: Readonly<Record<string, readonly string[]>>;
  /** The same of workflows that the user added. */
  readonly requiredWorkflows: readonly string[];
}

/** Thrown before anything is written; its message lists every violation. */
export class WorkflowViolations extends ExplainedError {
  public constructor(public readonly violations: readonly WorkflowViolation[]) {
    super(messageOf(violations, "nothing was written"));
  }
}

function messageOf(violations: readonly WorkflowViolation[], state: string): string {
  const count = violations.length === 1 ? "1 hardening rule is" : `${violations.length} hardening rules are`;
  return (
    `${count} broken by workflows; ${state}.\n\n${violations.map((violation) => `  ${formatViolation(violation)}`).join("\n")}\n\n` +
    "A rule that does not apply can be switched off: workflows: { relax: [{ rule, workflow, reason }] }.\n"
  );
}

/**
 * Checks every workflow and action that the project is about to write, ours and the user's, before any file is written, and
 * those that lie in the repository without being generated.
 *
 * projen lets later components add files, so the check runs when synthesis starts and not when it is constructed.
 */
export class WorkflowCheck extends Component {
  private readonly workflows = new Map<string, WorkflowView | undefined>();

  public constructor(
    project: Project,
    private readonly props: WorkflowCheckProps,
  ) {
    super(project);
  }

  /** Names of the checks of required workflows that the user added. */
  public requiredChecks(): string[] {
    return this.props.requiredWorkflows.flatMap((name) => this.checksOf(name));
  }

  private checksOf(name: string): string[] {
    const file = this.workflow(name);
    return file === undefined ? [] : parseWorkflow(name, textOfFile(file)).jobs.flatMap((job) => this.checksOfJob(job));
  }

  /** A branch waits for a check by its name alone: of two that are called alike one would stand for the other. */
  private checkNames(issues: IssueList): void {
    const taken = new Set(this.props.requiredChecks.map((check) => check.toLowerCase()));
    this.props.requiredWorkflows.forEach((name, index, all) => {
      if (this.props.required.includes(name) || all.indexOf(name) < index) {
        return;
      }
      for (const check of this.checksOf(name)) {
        if (taken.has(check.toLowerCase())) {
          issues.add(
            `workflows.requiredWorkflows[${index}]`,
            name,
            `the check '${check}' is required already, and GitHub tells checks apart by their names alone`,
            "call the job something else",
          );
        }
        taken.add(check.toLowerCase());
      }
    });
  }

  /** A called workflow reports the checks of its jobs, each behind the name of the job that calls it; one that calls itself has none. */
  private checksOfJob(job: JobView, callers: readonly string[] = []): string[] {
    const name = job.name ?? job.id;
    const file = calledFile(job);
    if (file === undefined || callers.includes(file)) {
      return [name];
    }
    const called = this.workflowAt(file)?.jobs ?? [];
    return called.length === 0
      ? [name]
      : called.flatMap((one) => this.checksOfJob(one, [...callers, file]).map((inner) => `${name} / ${inner}`));
  }

  /** @throws OptionIssues | WorkflowViolations */
  public preSynthesize(): void {
    const issues = new IssueList();
    this.props.requiredWorkflows.forEach((name, index) => {
      if (this.workflow(name) === undefined) {
        issues.add(
          `workflows.requiredWorkflows[${index}]`,
          name,
          "a workflow of this project: nothing would ever report its check",
          `add it in .projenrc.ts, as .github/workflows/${name}, or remove it from the list`,
        );
      }
    });
    this.checkNames(issues);
    issues.throwIfAny();
    const violations = this.project.files.flatMap((file) => this.check(file));
    const remaining = withoutRelaxed(violations, this.props.relaxations);
    if (remaining.length > 0) {
      throw new WorkflowViolations(remaining);
    }
    this.checkDisk();
  }

  /**
   * Nothing that is generated depends on the user's own files, so everything is written whatever they say; the run fails
   * nevertheless, and with it the build. A repository that is being adopted or updated is told only: its workflows are not
   * what that run is about, and the next build says so again.
   */
  private checkDisk(): void {
    if (process.env[PREVIEW_VARIABLE]) {
      return;
    }
    const violations = withoutRelaxed(this.violationsOnDisk(), this.props.relaxations);
    if (violations.length === 0) {
      return;
    }
    const isTransition = this.project.initProject !== undefined || Boolean(process.env[UPDATE_VARIABLE]);
    this.project.logger.warn(
      messageOf(violations, isTransition ? "the build will fail" : "files are written, and the run fails").trimEnd(),
    );
    if (!isTransition) {
      process.exitCode = 1;
    }
  }

  /** Of workflows and actions on disk that no run writes: files that the project does not have, and released ones. */
  private violationsOnDisk(): WorkflowViolation[] {
    const root = this.project.outdir;
    const owners = Ownership.of(this.project);
    const rendered = new Set(this.project.files.map(slashed));
    // What an earlier run wrote and this one does not is on its way out.
    const { files } = readLock(root).lock;
    const isOwn = (path: string) =>
      owners.isReleased(path) || !(rendered.has(path) || files.get(path)?.class === "managed");
    return automationFiles(root)
      .filter(({ path }) => isOwn(path))
      .flatMap(({ path }) => this.violationsOf(path, automationText(root, path)));
  }

  private workflow(name: string): FileBase | undefined {
    return this.project.files.find((file) => slashed(file) === `.github/workflows/${name}`);
  }

  private check(file: FileBase): WorkflowViolation[] {
    const path = slashed(file);
    return automationKind(path) === undefined || this.wasChecked(file) ? [] : this.violationsOf(path, textOfFile(file));
  }

  /** When the package was built, as it is now, and so was what it calls. */
  private wasChecked(file: FileBase | undefined): boolean {
    return (
      file instanceof WorkflowFile &&
      file.isChecked(this.isRequired(slashed(file))) &&
      file.calls.every((name) => this.wasChecked(this.workflow(`${name}.yml`)))
    );
  }

  private violationsOf(path: string, text: string): WorkflowViolation[] {
    const required = this.isRequired(path);
    const workflowAt = (called: string) => this.workflowAt(called);
    const requiredJobs = this.props.requiredJobs[path.split("/").at(-1) as string];
    return checkAutomation(path, text, { pins: this.props.pins, required, requiredJobs, workflowAt });
  }

  private isRequired(path: string): boolean {
    const { required, requiredWorkflows } = this.props;
    return [...required, ...requiredWorkflows].includes(path.split("/").at(-1) as string);
  }

  /** Of a workflow as this run writes it, or as it lies there. Every call of it asks: it is read once. */
  private workflowAt(path: string): WorkflowView | undefined {
    if (!this.workflows.has(path)) {
      const file = this.workflow(path.slice(".github/workflows/".length));
      const text = file ? textOfFile(file) : this.textOnDisk(path);
      this.workflows.set(path, text === undefined ? undefined : viewOf(path, text));
    }
    return this.workflows.get(path);
  }

  /** What a preview renders is kept, and must not depend on the user's own files: it takes theirs for harmless. */
  private textOnDisk(path: string): string | undefined {
    if (process.env[PREVIEW_VARIABLE]) {
      return NOTHING;
    }
    const isThere = lstatSync(join(this.project.outdir, path), { throwIfNoEntry: false })?.isFile() === true;
    return isThere ? automationText(this.project.outdir, path) : undefined;
  }
}

/** A file's path as workflows name it. */
function slashed({ path }: FileBase): string {
  return path.replace(/\\/g, "/");
}

/** A workflow that does nothing. */
const NOTHING = "jobs: {}";

/** What is no workflow has no jobs; it is reported where it lies. */
function viewOf(path: string, text: string): WorkflowView {
  try {
    return parseWorkflow(path, text);
  } catch (error) {
    if (error instanceof NotAWorkflow) {
      return parseWorkflow(path, NOTHING);
    }
    throw error;
  }
}

/** What a file is going to contain. projen keeps this protected, and has no other way to see it without writing it. */
function textOfFile(file: FileBase): string {
  const { synthesizeContent } = file as unknown as { synthesizeContent?(resolver: IResolver): string | undefined };
  if (typeof synthesizeContent !== "function") {
    throw new Error(
      "projen's FileBase has no synthesizeContent any more: the hardening check cannot see the workflows.",
    );
  }
  return synthesizeContent.call(file, { resolve: (value, options) => resolve(value, options) }) ?? "";
}
