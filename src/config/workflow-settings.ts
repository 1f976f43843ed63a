// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GATES } from "../gates";
import type { GateRecord } from "../gates/gate-record";
import { licenseHeader } from "../gates/license-header/record";
import type { WorkflowRecord } from "../gates/workflow-record";
import type { IssueList } from "../options/option-issues";
import {
  FindingSeverity,
  HardenRunner,
  type InlineSuppression,
  PlanComment,
  RepositoryVisibility,
  type ScannerException,
  type WorkflowOptions,
  type WorkflowRuleRelaxation,
} from "../options/workflow-options";
import type { PinnedAction } from "../workflow-rules/pin-table";
import type { GitHubRepository } from "./github-repository";
import { checkRunnerLabels } from "./runner-labels";
import { checkException } from "./scanner-exceptions";
import { checkSchedule } from "./schedule";
import { checkWorkflowOptions, DEFAULT_APP_ENVIRONMENT } from "./workflow-option-checks";
import { WORKFLOWS } from "./workflow-list";

/** An option of `workflows` that takes exceptions. */
export type Scanner = {
  [Option in keyof WorkflowOptions]-?: "exceptions" extends keyof NonNullable<WorkflowOptions[Option]> ? Option : never;
}[keyof WorkflowOptions];

/** The license header of the repository's own files. */
export interface LicenseHeaderSettings {
  readonly holder: string;
  /** Holder that older files name, and may go on naming. */
  readonly formerHolder?: string;
  readonly spdxId: string;
  /** File types that carry none, beside those that cannot. */
  readonly typesWithoutHeader: readonly string[];
}

/** Every default filled in. */
export interface WorkflowSettings {
  readonly enabled: boolean;
  readonly runnerLabels: readonly string[];
  readonly privateRunnerLabels: readonly string[] | undefined;
  /** Runners of the jobs that hold a role, by its kind. */
  readonly roleRunners: Readonly<Record<"plan" | "apply" | "drift", RoleRunner>>;
  readonly visibility: RepositoryVisibility;
  readonly codeSecurity: boolean;
  readonly codeScanning: boolean;
  readonly hardenRunner: HardenRunner;
  readonly hardenRunnerEndpoints: readonly string[];
  readonly appEnvironment: string;
  readonly environmentReviewers: Readonly<Record<string, readonly string[]>>;
  readonly actionPins: Readonly<Record<string, PinnedAction>>;
  readonly relaxations: readonly WorkflowRuleRelaxation[];
  readonly inlineSuppressions: readonly InlineSuppression[];
  readonly requiredWorkflows: readonly string[];
  /** Workflow files, by file name without `.yml`. */
  readonly files: Readonly<Record<string, FileSettings>>;
  /** From which severity on a gate fails, by its id; of the gates whose tool grades its findings. */
  readonly severities: Readonly<Record<string, FindingSeverity>>;
  /** By option. */
  readonly exceptions: Readonly<Record<Scanner, readonly ScannerException[]>>;
  /** What each gate has of options that no other has, by its id; read with `ownSettings`. */
  readonly own: Readonly<Record<string, object>>;
  readonly license: LicenseHeaderSettings;
  readonly publishScorecard: boolean;
  readonly planComment: PlanComment;
  readonly applyOnPush: boolean;
  readonly upgradeCooldownDays: number;
  readonly registriesWithoutSignatures: readonly string[];
}

/** Labels of runners; undefined for those of all jobs. */
export interface RoleRunner {
  readonly labels: readonly string[] | undefined;
  readonly privateLabels: readonly string[] | undefined;
}

/** Whether a workflow is there, and when it runs by itself; an undefined schedule keeps the file's own. */
export interface FileSettings {
  readonly enabled: boolean;
  readonly schedule?: string;
}

/** A gate's own options with every default filled in. */
export function ownSettings<Own extends object>({ own }: WorkflowSettings, { id }: GateRecord<Own>): Own {
  return own[id] as Own;
}

/** The settings of a repository that is left by its generator: without the workflows that need it. */
export function withoutGenerator(settings: WorkflowSettings): WorkflowSettings {
  const gone = WORKFLOWS.filter(({ needsGenerator }) => needsGenerator).map(({ id }) => id);
  const files = Object.entries(settings.files).map(([id, file]) =>
    gone.includes(id) ? [id, { ...file, enabled: false }] : [id, file],
  );
  return { ...settings, files: Object.fromEntries(files) };
}

/** Options with every default filled in. What is wrong is added to `issues`; the result is meaningless if there is anything. */
export function resolveWorkflowSettings(
  options: WorkflowOptions,
  facts: GitHubRepository,
  issues: IssueList,
): WorkflowSettings {
  checkWorkflowOptions(options, facts, issues);
  const license = ownOptions(options, licenseHeader);
  const visibility = options.visibility ?? RepositoryVisibility.PRIVATE;
  const codeSecurity = options.codeSecurity ?? visibility === RepositoryVisibility.PUBLIC;
  return {
    enabled: options.enabled ?? true,
    runnerLabels: options.runnerLabels ?? ["ubuntu-24.04"],
    privateRunnerLabels: options.privateRunnerLabels,
    roleRunners: {
      plan: roleRunner(options, "terraformPlan", issues),
      apply: roleRunner(options, "terraformApply", issues),
      drift: roleRunner(options, "drift", issues),
    },
    visibility,
    codeSecurity,
    codeScanning: options.codeScanning ?? codeSecurity,
    hardenRunner: options.hardenRunner ?? HardenRunner.OFF,
    hardenRunnerEndpoints: options.hardenRunnerEndpoints ?? [],
    appEnvironment: options.appEnvironment ?? DEFAULT_APP_ENVIRONMENT,
    environmentReviewers: options.environmentReviewers ?? {},
    actionPins: options.actionPins ?? {},
    relaxations: options.relax ?? [],
    inlineSuppressions: options.inlineSuppressions ?? [],
    requiredWorkflows: options.requiredWorkflows ?? [],
    files: Object.fromEntries(WORKFLOWS.map((record) => [record.id, fileSettings(record, options, facts, issues)])),
    severities: Object.fromEntries(
      GATES.filter(({ severity }) => severity !== undefined).map((gate) => [gate.id, severity(options, gate)]),
    ),
    exceptions: Object.fromEntries(
      GATES.filter(({ exceptions }) => exceptions !== undefined).map((gate) => [
        gate.option,
        exceptionsOf(options, gate, issues),
      ]),
    ) as Record<Scanner, readonly ScannerException[]>,
    own: Object.fromEntries(GATES.map((gate) => [gate.id, ownOptions(options, gate)])),
    license: {
      holder: license.holder ?? facts.copyrightHolder,
      formerHolder: license.holder === undefined ? facts.formerHolder : undefined,
      spdxId: license.spdxId,
      typesWithoutHeader: license.typesWithoutHeader,
    },
    publishScorecard: options.scorecard?.publish ?? false,
    planComment: options.terraformPlan?.comment ?? PlanComment.WORKFLOW_TOKEN,
    applyOnPush: options.terraformApply?.onPush ?? true,
    upgradeCooldownDays: options.upgrade?.cooldownDays ?? 7,
    registriesWithoutSignatures: options.registriesWithoutSignatures ?? [],
  };
}

function roleRunner(
  options: WorkflowOptions,
  option: "terraformPlan" | "terraformApply" | "drift",
  issues: IssueList,
): RoleRunner {
  const { runnerLabels, privateRunnerLabels } = options[option] ?? {};
  checkRunnerLabels(runnerLabels, `workflows.${option}.runnerLabels`, issues);
  checkRunnerLabels(privateRunnerLabels, `workflows.${option}.privateRunnerLabels`, issues);
  if (privateRunnerLabels !== undefined && options.privateRunnerLabels === undefined) {
    issues.add(
      `workflows.${option}.privateRunnerLabels`,
      privateRunnerLabels,
      "a runner other than the one in workflows.privateRunnerLabels, which is not set",
      "set workflows.privateRunnerLabels too: all three workflows reach the private API, or none does",
    );
  }
  return { labels: runnerLabels, privateLabels: privateRunnerLabels ?? options.privateRunnerLabels };
}

/** A workflow may be turned off, and is left out where the platform has nothing for it to work on. */
function fileSettings(
  { option, needs }: WorkflowRecord,
  options: WorkflowOptions,
  facts: GitHubRepository,
  issues: IssueList,
): FileSettings {
  const { enabled = true, schedule } = given<{ enabled: boolean; schedule: string }>(options, option);
  checkSchedule(schedule, `workflows.${option}.schedule`, issues);
  return { enabled: enabled && (needs === undefined || has(needs, options, facts)), schedule };
}

function has(
  needed: NonNullable<WorkflowRecord["needs"]>,
  { privateRunnerLabels }: WorkflowOptions,
  { environments }: GitHubRepository,
): boolean {
  switch (needed) {
    case "mirror":
      return environments.some(({ mirrored }) => mirrored);
    case "stacks":
      return environments.some(({ stacks }) =>
        stacks.some((stack) => stack !== "workloads" || privateRunnerLabels !== undefined),
      );
  }
}

function severity(options: WorkflowOptions, { option }: GateRecord): FindingSeverity {
  return given<{ minimumSeverity: FindingSeverity }>(options, option).minimumSeverity ?? FindingSeverity.MEDIUM;
}

function exceptionsOf(options: WorkflowOptions, gate: GateRecord, issues: IssueList): readonly ScannerException[] {
  const { exceptions = [] } = given<{ exceptions: readonly ScannerException[] }>(options, gate.option);
  exceptions.forEach((exception, index) => {
    checkException(exception, gate, `workflows.${gate.option}.exceptions[${index}]`, issues);
  });
  return exceptions;
}

/** The options that no other gate has, with their defaults filled in. */
function ownOptions<Own extends object>(options: WorkflowOptions, { option, defaults }: GateRecord<Own>): Own {
  const own = given<Own>(options, option);
  return Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => [key, own[key as keyof Own] ?? value]),
  ) as Own;
}

/** What the options say about one workflow. */
function given<Own extends object>(options: WorkflowOptions, option: WorkflowRecord["option"]): Partial<Own> {
  return (option === undefined ? undefined : (options[option] as Partial<Own>)) ?? {};
}
