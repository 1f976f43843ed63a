// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from "projen/lib/_resolve";
import { Component } from "projen/lib/component";
import type { FileBase, IResolver } from "projen/lib/file";
import type { Project } from "projen/lib/project";
import { ExplainedError } from "../explained-error";
import { IssueList } from "../options/option-issues";
import { checkWorkflow, formatViolation, withoutRelaxed } from "../workflow-rules/check-workflow";
import { checkDependabot } from "../workflow-rules/dependabot";
import type { PinTable } from "../workflow-rules/pin-table";
import type { RuleRelaxation, Violation } from "../workflow-rules/rule";
import { parseWorkflow } from "../workflow-rules/workflow-view";

/** What the check goes by. */
export interface WorkflowCheckProps {
  readonly pins: PinTable;
  readonly relaxations: readonly RuleRelaxation[];
  /** File names of generated workflows whose checks are required. */
  readonly required: readonly string[];
  /** The same of workflows that the user added. */
  readonly requiredWorkflows: readonly string[];
}

/** Thrown before anything is written; its message lists every violation. */
export class WorkflowViolations extends ExplainedError {
  public constructor(public readonly violations: readonly Violation[]) {
    const count = violations.length === 1 ? "1 hardening rule is" : `${violations.length} hardening rules are`;
    super(
      `${count} broken by workflows; nothing was written.\n\n${violations.map((violation) => `  ${formatViolation(violation)}`).join("\n")}\n\n` +
        "A rule that does not apply can be switched off: workflows: { relax: [{ rule, workflow, reason }] }.\n",
    );
  }
}

/**
 * Checks every workflow that the project is about to write, ours and the user's, before any file is written.
 *
 * projen lets later components add files, so the check runs when synthesis starts and not when it is constructed.
 */
export class WorkflowCheck extends Component {
  public constructor(
    project: Project,
    private readonly props: WorkflowCheckProps,
  ) {
    super(project);
  }

  /** Names of the checks of required workflows that the user added. */
  public requiredChecks(): string[] {
    return this.props.requiredWorkflows.flatMap((name) => {
      const file = this.workflow(name);
      return file === undefined ? [] : parseWorkflow(name, textOfFile(file)).jobs.map((job) => job.name ?? job.id);
    });
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
    issues.throwIfAny();
    const violations = this.project.files.flatMap((file) => this.check(file));
    const remaining = withoutRelaxed(violations, this.props.relaxations);
    if (remaining.length > 0) {
      throw new WorkflowViolations(remaining);
    }
  }

  private workflow(name: string): FileBase | undefined {
    return this.project.files.find(({ path }) => path.replace(/\\/g, "/") === `.github/workflows/${name}`);
  }

  private check(file: FileBase): Violation[] {
    const path = file.path.replace(/\\/g, "/");
    if (/^\.github\/dependabot\.ya?ml$/.test(path)) {
      return checkDependabot(path, textOfFile(file));
    }
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) {
      return [];
    }
    const { required: ours, requiredWorkflows } = this.props;
    const required = [...ours, ...requiredWorkflows].includes(path.split("/").at(-1) as string);
    return checkWorkflow(path, textOfFile(file), { pins: this.props.pins, required });
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
