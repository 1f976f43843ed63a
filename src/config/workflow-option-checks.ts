// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GATES } from "../gates";
import type { GateRecord, TextRule } from "../gates/gate-record";
import { nearestKey } from "../nearest-key";
import type { IssueList } from "../options/option-issues";
import { HardenRunner, RepositoryVisibility, type WorkflowOptions } from "../options/workflow-options";
import { RULE_IDS } from "../workflow-rules/check-workflow";
import { githubLimit } from "../workflow-rules/github-limits";
import { repositoryOfAction } from "../workflow-rules/pin-table";
import type { GitHubRepository } from "./github-repository";
import { checkNumber, checkPattern } from "./patterns";
import { ROLE_KINDS, readinessVariable } from "./role-variables";
import { checkRunnerLabels } from "./runner-labels";
import { checkDay, checkReason, checkText } from "./text-rules";

/** The GitHub environment that holds the App's private key, if the options name none. */
export const DEFAULT_APP_ENVIRONMENT = "github-app";

const APP_ENVIRONMENT: TextRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
  rule: "a GitHub environment name of letters, digits, hyphens and underscores",
  fix: 'write a name such as "github-app"',
};

/** Environments that GitHub creates and uses itself: its coding agent reads the secrets of the first, Pages deploys in the second. */
const ENVIRONMENTS_OF_GITHUB: readonly string[] = ["copilot", "github-pages"];

const ENDPOINT: TextRule = {
  pattern: /^(\*\.)?[a-z0-9.-]+:\d{1,5}$/,
  rule: "a host and a port",
  fix: 'write "api.github.com:443"',
};

const UNSIGNED_REGISTRY: TextRule = {
  pattern: /^(?!registry\.npmjs\.org$)(?!.*\.\.)[a-z0-9][a-z0-9.-]*(:\d{1,5})?$/,
  rule: "the host of a registry other than npm's own, which signs",
  fix: 'write "npm.example.com"',
};

const WORKFLOW_FILE: TextRule = {
  pattern: /^[A-Za-z0-9._-]+\.ya?ml$/,
  rule: "the file name of a workflow",
  fix: 'write "deploy.yml"',
};

const WORKFLOW_OR_ACTION: TextRule = {
  pattern: /^(?!.*\.\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\.ya?ml$/,
  rule: "the file name of a workflow, or the path of a workflow or an action",
  fix: 'write "deploy.yml" or "ci/notify/action.yml"',
};

const COMMIT: TextRule = {
  pattern: /^[0-9a-f]{40}$/,
  rule: "the 40 hexadecimal digits of a commit",
  fix: "ask: git ls-remote https://github.com/OWNER/NAME 'refs/tags/vX.Y.Z^{}'",
};

const RELEASE: TextRule = {
  pattern: /^v?\d+\.\d+\.\d+$/,
  rule: "an exact release tag",
  fix: 'write "v1.2.3"',
};

/** What is wrong with the option `workflows`, apart from schedules, exceptions and the runners of roles. */
export function checkWorkflowOptions(options: WorkflowOptions, facts: GitHubRepository, issues: IssueList): void {
  checkRunnerLabels(options.runnerLabels, "workflows.runnerLabels", issues);
  checkRunnerLabels(options.privateRunnerLabels, "workflows.privateRunnerLabels", issues);
  checkText(options.appEnvironment, "workflows.appEnvironment", APP_ENVIRONMENT, issues);
  checkNumber(options.upgrade?.cooldownDays, { min: 0, max: 90 }, "workflows.upgrade.cooldownDays", issues);
  checkTexts(options.hardenRunnerEndpoints, "workflows.hardenRunnerEndpoints", ENDPOINT, issues);
  if (options.hardenRunner === HardenRunner.BLOCK && !options.hardenRunnerEndpoints?.length) {
    issues.add(
      "workflows.hardenRunnerEndpoints",
      options.hardenRunnerEndpoints,
      "HardenRunner.BLOCK needs the endpoints that jobs may reach",
      "list them; HardenRunner.AUDIT shows which they are",
    );
  }
  checkTexts(options.registriesWithoutSignatures, "workflows.registriesWithoutSignatures", UNSIGNED_REGISTRY, issues);
  GATES.forEach((gate) => {
    checkOwnTexts(gate, options, issues);
  });
  checkCodeSecurity(options, issues);
  checkEnvironmentNames(options, facts, issues);
  checkVariables(options, facts, issues);
  checkRelaxations(options, issues);
  checkInlineSuppressions(options, issues);
  checkActionPins(options, issues);
  checkReviewers(options, facts, issues);
  checkTexts(options.requiredWorkflows, "workflows.requiredWorkflows", WORKFLOW_FILE, issues);
}

function checkTexts(values: readonly string[] | undefined, path: string, rule: TextRule, issues: IssueList): void {
  values?.forEach((value, index) => {
    checkText(value, `${path}[${index}]`, rule, issues);
  });
}

/** Strings of options that only this gate has. */
function checkOwnTexts({ option, patterns }: GateRecord, options: WorkflowOptions, issues: IssueList): void {
  const given = (options[option] ?? {}) as Readonly<Record<string, string | readonly string[]>>;
  for (const [key, rule] of Object.entries<TextRule>({ ...patterns })) {
    const path = `workflows.${option}.${key}`;
    const value = given[key];
    if (typeof value === "string") {
      checkText(value, path, rule, issues);
    } else {
      checkTexts(value, path, rule, issues);
    }
  }
}

/** What GitHub offers in public repositories, and in others for money. */
function checkCodeSecurity(options: WorkflowOptions, issues: IssueList): void {
  const { visibility = RepositoryVisibility.PRIVATE, codeSecurity, codeScanning, dependencyCheck } = options;
  const isPublic = visibility === RepositoryVisibility.PUBLIC;
  const has = codeSecurity ?? isPublic;
  const needs = "needs GitHub Code Security, which the options do not name";
  const fix = "set workflows.codeSecurity: true if the repository has it, or remove this option";
  if (isPublic && codeSecurity === false) {
    issues.add("workflows.codeSecurity", codeSecurity, "public repositories have it", "remove the option");
  }
  if (codeScanning === true && !has) {
    issues.add("workflows.codeScanning", codeScanning, needs, fix);
  }
  if (dependencyCheck?.dependencyReview === true && !has) {
    issues.add("workflows.dependencyCheck.dependencyReview", true, needs, fix);
  }
  const { allowLicenses } = dependencyCheck ?? {};
  if (allowLicenses !== undefined && allowLicenses.length > 0 && !(dependencyCheck?.dependencyReview ?? has)) {
    issues.add(
      "workflows.dependencyCheck.allowLicenses",
      allowLicenses,
      "the dependency review compares licenses, and it is off",
      fix,
    );
  }
  if (options.scorecard?.publish === true && !isPublic) {
    issues.add(
      "workflows.scorecard.publish",
      true,
      `scorecard.dev takes the results of public repositories only, and this one is ${visibility}`,
      "set workflows.visibility: RepositoryVisibility.PUBLIC if it is public, or remove this option",
    );
  }
}

/** Workflows wait for variables of the repository, and GitHub keeps so many of one. */
function checkVariables({ enabled }: WorkflowOptions, { environments }: GitHubRepository, issues: IssueList): void {
  const names = environments.flatMap((environment) =>
    ROLE_KINDS.filter((kind) => kind !== "mirror" || environment.mirrored).map((kind) =>
      readinessVariable(kind, environment),
    ),
  );
  const count = new Set(names).size;
  const most = githubLimit("repositoryVariables");
  if (enabled !== false && count > most) {
    issues.warn(
      "environments",
      `${environments.length} of them`,
      `workflows wait for ${count} variables of the repository, and GitHub keeps at most ${most}`,
      "name awsAccountId: an environment whose account is known needs one variable instead of up to four",
    );
  }
}

/** GitHub compares names of environments without regard to case. */
function checkEnvironmentNames(
  { appEnvironment: app = DEFAULT_APP_ENVIRONMENT }: WorkflowOptions,
  { environments }: GitHubRepository,
  issues: IssueList,
): void {
  const deployments = environments.map(({ name, githubEnvironment }) => githubEnvironment ?? name);
  for (const [path, name] of [
    ["workflows.appEnvironment", app],
    ...deployments.map((deployment, index) => [`environments[${index}].githubEnvironment`, deployment] as const),
  ] as const) {
    if (ENVIRONMENTS_OF_GITHUB.includes(name.toLowerCase())) {
      issues.add(
        path,
        name,
        "GitHub itself uses an environment of that name, and its runs would see these secrets",
        path === "workflows.appEnvironment" ? "choose another name, such as github-app" : "choose another name",
      );
    }
  }
  if (deployments.some((name) => name.toLowerCase() === app.toLowerCase())) {
    issues.add(
      "workflows.appEnvironment",
      app,
      "no deployment uses the environment that holds the App's private key: each would see the other's secrets",
      "choose another name, such as github-app",
    );
  }
}

function checkRelaxations({ relax }: WorkflowOptions, issues: IssueList): void {
  relax?.forEach((relaxation, index) => {
    const path = `workflows.relax[${index}]`;
    if (!RULE_IDS.includes(relaxation.rule)) {
      const near = nearestKey(relaxation.rule, RULE_IDS);
      issues.add(
        `${path}.rule`,
        relaxation.rule,
        "the id of a hardening rule",
        near === undefined ? `use one of ${RULE_IDS.join(", ")}` : `did you mean ${near}?`,
      );
    }
    checkReason(relaxation.reason, `${path}.reason`, issues);
    if (relaxation.expires !== undefined) {
      checkDay(relaxation.expires, `${path}.expires`, issues);
    }
    checkText(relaxation.workflow, `${path}.workflow`, WORKFLOW_OR_ACTION, issues);
  });
}

function checkInlineSuppressions({ inlineSuppressions }: WorkflowOptions, issues: IssueList): void {
  inlineSuppressions?.forEach((suppression, index) => {
    const path = `workflows.inlineSuppressions[${index}]`;
    checkPattern(suppression.path, "filePath", `${path}.path`, issues);
    checkReason(suppression.reason, `${path}.reason`, issues);
    checkDay(suppression.expires, `${path}.expires`, issues);
  });
}

function checkActionPins({ actionPins }: WorkflowOptions, issues: IssueList): void {
  for (const [action, pin] of Object.entries(actionPins ?? {})) {
    const path = `workflows.actionPins["${action}"]`;
    if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(action) || repositoryOfAction(action) !== action) {
      issues.add(path, action, "the repository of an action", "write owner/name");
    }
    checkText(pin.sha, `${path}.sha`, COMMIT, issues);
    checkText(pin.version, `${path}.version`, RELEASE, issues);
  }
}

function checkReviewers(
  { environmentReviewers }: WorkflowOptions,
  { environments }: GitHubRepository,
  issues: IssueList,
): void {
  const names = environments.map(({ name }) => name);
  for (const [environment, reviewers] of Object.entries(environmentReviewers ?? {})) {
    const path = `workflows.environmentReviewers.${environment}`;
    if (!names.includes(environment)) {
      issues.add(path, environment, "the name of an environment", `use one of ${names.join(", ")}`);
    }
    if (reviewers.length > 6) {
      issues.add(path, reviewers, "GitHub takes at most six reviewers", "name a team");
    }
    reviewers.forEach((reviewer, index) => checkPattern(reviewer, "codeOwner", `${path}[${index}]`, issues));
  }
}
