// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project } from "projen/lib/project";
import { Workflows } from "../../src/components/workflows";
import type { GitHubEnvironment, GitHubRepository } from "../../src/config/github-repository";
import { resolveWorkflowSettings } from "../../src/config/workflow-settings";
import { IssueList } from "../../src/options/option-issues";
import type { WorkflowOptions } from "../../src/options/workflow-options";
import { readPinTable } from "../../src/workflow-rules/pin-table";

export const environment = (name: string, more: Partial<GitHubEnvironment> = {}): GitHubEnvironment => ({
  name,
  region: "eu-west-1",
  roles: {
    plan: `acme-${name}-plan`,
    apply: `acme-${name}-apply`,
    drift: `acme-${name}-drift`,
    mirror: `acme-${name}-mirror`,
  },
  stacks: ["network", "cluster", "workloads"],
  production: name === "prod",
  mirrored: true,
  ...more,
});

export const facts = (more: Partial<GitHubRepository> = {}): GitHubRepository => ({
  owner: "acme",
  repository: "gpu-platform",
  defaultBranch: "main",
  environments: [environment("prod")],
  nodeVersion: "22",
  terraformVersion: readPinTable().tools.terraform?.version as string,
  engine: "cdktf",
  copyrightHolder: "acme",
  ...more,
});

/** A project with nothing in it but the workflows, not yet written. */
export function project(
  options: WorkflowOptions = {},
  more: Partial<GitHubRepository> = {},
): { project: Project; workflows: Workflows } {
  const bare = new Project({ name: "gpu-platform", outdir: mkdtempSync(join(tmpdir(), "workflows-")) });
  const issues = new IssueList();
  const settings = resolveWorkflowSettings(options, facts(more), issues);
  issues.throwIfAny();
  return { project: bare, workflows: new Workflows(bare, settings, facts(more)) };
}

/** Write a project to disk. @returns its directory */
export function write(written: Project): string {
  process.env.PROJEN_DISABLE_POST = "true";
  written.synth();
  return written.outdir;
}

/** The workflows of a written project, by file name. */
export function workflowFiles(directory: string): Record<string, string> {
  const workflows = join(directory, ".github", "workflows");
  return Object.fromEntries(
    readdirSync(workflows)
      .sort()
      .map((name) => [name, readFileSync(join(workflows, name), "utf8")]),
  );
}

/** The text of one file as the options give it. */
export function generated(path: string, options: WorkflowOptions = {}, more: Partial<GitHubRepository> = {}): string {
  return readFileSync(join(write(project(options, more).project), path), "utf8");
}
