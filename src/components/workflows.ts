// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Component } from "projen/lib/component";
import type { Project } from "projen/lib/project";
import { REQUIRED_WORKFLOWS, WORKFLOWS } from "../config/workflow-list";
import type { GitHubRepository } from "../config/github-repository";
import type { Scanner, WorkflowSettings } from "../config/workflow-settings";
import { filesOfWorkflow, type WorkflowRecord } from "../gates/workflow-record";
import type { InlineSuppression, ScannerException, WorkflowRuleRelaxation } from "../options/workflow-options";
import { PACKAGE_ROOT } from "../package-root";
import { readPinTable, withActions } from "../workflow-rules/pin-table";
import { listFiles } from "./template-directory";
import { ManagedFile } from "../sync/files/managed-file";
import { MadeWorkflow } from "./made-workflow";
import { PREVIEW_VARIABLE } from "../sync/run/run-variables";
import { ownExceptions } from "./own-exceptions";
import { parserWarning } from "./parsed-size";
import { repositorySettings } from "./repository-settings";
import { type ResourceException, resourceExceptions, scannerConfigurations } from "./scanner-configurations";
import { WorkflowCheck } from "./workflow-check";
import { WorkflowDocument } from "./workflow-document";
import { WorkflowFile } from "./workflow-file";

/** An exception with the scanner that it is for, as the security document lists it. */
export interface ListedException extends ScannerException {
  readonly scanner: Scanner;
}

/** Workflows, the configuration of their scanners, the scripts that they run, and the check of every workflow's hardening. */
export class Workflows extends Component {
  /** Hardening rules that are switched off somewhere. */
  public readonly relaxations: readonly WorkflowRuleRelaxation[];
  /** What scanners may report without failing. */
  public readonly exceptions: readonly ListedException[];
  /** Names of the checks that a branch should require, as GitHub compares them. */
  public readonly requiredChecks: readonly string[];
  /** What may not work on GitHub, with the fix. */
  private readonly warnings: readonly string[];

  public constructor(project: Project, settings: WorkflowSettings, facts: GitHubRepository) {
    super(project);
    this.relaxations = settings.relaxations;
    this.exceptions = (Object.keys(settings.exceptions) as Scanner[]).flatMap((scanner) =>
      settings.exceptions[scanner].map((exception) => ({ scanner, ...exception })),
    );
    const pins = withActions(readPinTable(), settings.actionPins);
    const context = { settings, facts, pins };
    const isThere = ({ id }: WorkflowRecord) => settings.enabled && settings.files[id].enabled;
    const files = WORKFLOWS.filter(isThere).flatMap(filesOfWorkflow);
    const workflows = new Map(files.map((name) => [name, new MadeWorkflow(name, context)]));
    this.warnings = WORKFLOWS.map((record) => parserWarning(record, (name) => workflows.get(name))).filter(
      (text) => text !== undefined,
    );
    const isRequired = (record: WorkflowRecord) =>
      isThere(record) && (settings.codeSecurity || record.codeSecurity !== true);
    const required = REQUIRED_WORKFLOWS.filter(isRequired);
    this.requiredChecks = required.flatMap(({ id, requiredJobs }) => workflows.get(id)?.checkNames(requiredJobs) ?? []);

    const check = new WorkflowCheck(project, {
      pins,
      relaxations: settings.relaxations,
      required: required.map(({ id }) => `${id}.yml`),
      requiredChecks: this.requiredChecks,
      requiredJobs: Object.fromEntries(
        required.flatMap(({ id, requiredJobs }) => (requiredJobs === undefined ? [] : [[`${id}.yml`, requiredJobs]])),
      ),
      requiredWorkflows: settings.requiredWorkflows,
    });
    for (const workflow of workflows.values()) {
      new WorkflowFile(project, workflow, pins);
    }
    for (const [path, content] of scannerConfigurations(context)) {
      new ManagedFile(project, path, { component: "workflows", content });
    }
    if (settings.enabled) {
      new ManagedFile(project, ".github/settings.json", {
        component: "workflows",
        content: () => {
          const checks = [...new Set([...this.requiredChecks, ...check.requiredChecks()])];
          const turnedOff = REQUIRED_WORKFLOWS.flatMap(({ id, requiredJobs }) => {
            const { shippedChecks } = workflows.get(id) ?? WorkflowDocument.load(id);
            return (requiredJobs ?? [...shippedChecks.keys()]).map((job) => shippedChecks.get(job) as string);
          }).filter((name) => !checks.includes(name));
          return repositorySettings(settings, facts, { required: checks, turnedOff }, pins);
        },
      });
    }
    const ofResources = resourceExceptions(settings);
    new ManagedFile(project, "src/platform/scanner-exceptions.json", {
      component: "workflows",
      content: `${JSON.stringify({ exceptions: ofResources }, null, 2)}\n`,
    });
    new ManagedFile(project, ".ray-platform/exceptions.json", {
      component: "workflows",
      content: this.exceptionList(ofResources, settings.inlineSuppressions, (id) => workflows.has(id)),
    });
    this.addScripts(project);
  }

  /** A preview says nothing that the run itself says. */
  public override preSynthesize(): void {
    for (const warning of process.env[PREVIEW_VARIABLE] ? [] : this.warnings) {
      this.project.logger.warn(warning);
    }
  }

  /** What `scripts/exceptions.mjs` compares with the day. */
  private exceptionList(
    ofResources: readonly ResourceException[],
    inlineSuppressions: readonly InlineSuppression[],
    isThere: (workflow: string) => boolean,
  ): string {
    const exceptions = [
      ...this.relaxations.map(({ rule, reason, expires }, index) => ({
        option: `workflows.relax[${index}]`,
        id: rule,
        reason,
        expires: expires ?? null,
      })),
      ...this.exceptions
        .filter(({ resource }) => resource === undefined)
        .map(({ scanner, id, reason, expires }) => ({
          option: `workflows.${scanner}.exceptions`,
          id,
          reason,
          expires,
        })),
      ...ofResources.map(({ scanner, id, resource, reason, expires }) => ({
        option: `${scanner} on ${resource}`,
        id,
        reason,
        expires,
      })),
      ...ownExceptions().flatMap(({ scanner, id, workflow, reason, expires }) =>
        workflow === undefined || !isThere(workflow)
          ? []
          : [{ option: `${scanner} in ${workflow}.yml`, id, reason, expires }],
      ),
    ];
    return `${JSON.stringify({ exceptions, inlineSuppressions }, null, 2)}\n`;
  }

  private addScripts(project: Project): void {
    const directory = join(PACKAGE_ROOT, "templates", "scripts");
    // To a shell, a carriage return is part of a command.
    project.gitattributes.addAttributes("/scripts/**", "text", "eol=lf");
    for (const name of listFiles(directory)) {
      const content = readFileSync(join(directory, name), "utf8");
      new ManagedFile(project, `scripts/${name}`, {
        component: "workflows",
        content,
        executable: content.startsWith("#!"),
      });
    }
  }
}
