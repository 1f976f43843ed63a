// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Component } from "projen/lib/component";
import type { Project } from "projen/lib/project";
import {
  type GitHubRepository,
  REQUIRED_WORKFLOWS,
  type Scanner,
  WORKFLOW_FILES,
  type WorkflowFile,
  type WorkflowSettings,
} from "../config/workflow-settings";
import type { ScannerException, WorkflowRuleRelaxation } from "../options/workflow-options";
import { PACKAGE_ROOT } from "../package-root";
import { readPinTable, withActions } from "../workflow-rules/pin-table";
import { ManagedFile } from "../sync/files/managed-file";
import { repositorySettings } from "./repository-settings";
import { licenseHeaderConfiguration } from "./license-header-configuration";
import { type ResourceException, resourceExceptions, scannerConfigurations } from "./scanner-configurations";
import { adjustedWorkflow } from "./workflow-adjustments";
import { WorkflowCheck } from "./workflow-check";
import type { WorkflowDocument } from "./workflow-document";

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

  public constructor(project: Project, settings: WorkflowSettings, facts: GitHubRepository) {
    super(project);
    this.relaxations = settings.relaxations;
    this.exceptions = (Object.keys(settings.exceptions) as Scanner[]).flatMap((scanner) =>
      settings.exceptions[scanner].map((exception) => ({ scanner, ...exception })),
    );
    const pins = withActions(readPinTable(), settings.actionPins);
    const files = WORKFLOW_FILES.filter((name) => settings.enabled && this.isUseful(name, settings, facts));
    const workflows = files.map((name) => adjustedWorkflow(name, { settings, facts, pins }));
    const required = REQUIRED_WORKFLOWS.flatMap((name) => workflows.filter((workflow) => workflow.name === name));
    this.requiredChecks = required.flatMap(requiredJobNames);

    for (const workflow of workflows) {
      new ManagedFile(project, `.github/workflows/${workflow.name}.yml`, {
        component: "workflows",
        content: workflow.toString(),
      });
    }
    if (settings.enabled) {
      for (const [path, content] of scannerConfigurations(settings, pins)) {
        new ManagedFile(project, path, { component: "workflows", content });
      }
      new ManagedFile(project, ".github/settings.json", {
        component: "workflows",
        content: repositorySettings(settings, facts, this.requiredChecks, pins),
      });
    }
    new ManagedFile(project, ".license-headers.json", {
      component: "workflows",
      content: licenseHeaderConfiguration(settings.licence, settings.exceptions.licenseHeader),
    });
    const ofResources = resourceExceptions(settings);
    new ManagedFile(project, "src/platform/scanner-exceptions.json", {
      component: "workflows",
      content: `${JSON.stringify({ exceptions: ofResources }, null, 2)}\n`,
    });
    new ManagedFile(project, ".ray-platform/exceptions.json", {
      component: "workflows",
      content: this.exceptionList(ofResources),
    });
    this.addScripts(project);
    new WorkflowCheck(project, {
      pins,
      relaxations: settings.relaxations,
      required: [...required.map(({ name }) => `${name}.yml`), ...settings.requiredWorkflows],
    });
  }

  /** Workflows without environments to work on, or without a runner that reaches them, are not generated. */
  private isUseful(name: WorkflowFile, settings: WorkflowSettings, facts: GitHubRepository): boolean {
    const deploys = facts.environments.some(({ stacks }) =>
      stacks.some((stack) => stack !== "workloads" || settings.privateRunnerLabels !== undefined),
    );
    const needsStacks: readonly WorkflowFile[] = ["terraform-plan", "terraform-apply", "drift-detection"];
    return settings.files[name].enabled && (deploys || !needsStacks.includes(name));
  }

  /** What `scripts/exceptions.mjs` compares with the day. */
  private exceptionList(ofResources: readonly ResourceException[]): string {
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
    ];
    return `${JSON.stringify({ exceptions }, null, 2)}\n`;
  }

  private addScripts(project: Project): void {
    const directory = join(PACKAGE_ROOT, "templates", "scripts");
    for (const name of readdirSync(directory).sort()) {
      const content = readFileSync(join(directory, name), "utf8");
      new ManagedFile(project, `scripts/${name}`, {
        component: "workflows",
        content,
        executable: content.startsWith("#!"),
      });
    }
  }
}

/** Names of the jobs whose result a branch waits for: in a plan the one that sums the others up, else all. */
function requiredJobNames(workflow: WorkflowDocument): string[] {
  const ids = workflow.jobIds().filter((id) => workflow.name !== "terraform-plan" || id === workflow.name);
  return ids.map((id) => String(workflow.job(id).get("name") ?? id));
}
