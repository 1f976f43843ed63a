// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GATES, toolNames } from "../gates";
import type { GateRecord, TextRule } from "../gates/gate-record";
import { licenseHeader } from "../gates/license-header/record";
import type { WorkflowRecord } from "../gates/workflow-record";
import type { IssueList } from "../options/option-issues";
import { nearestKey } from "../nearest-key";
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
import { type PinnedAction, repositoryOfAction } from "../workflow-rules/pin-table";
import { RULE_IDS } from "../workflow-rules/check-workflow";
import { checkNumber, checkPattern } from "./patterns";
import { WORKFLOWS } from "./workflow-list";

/** What the workflows know about the repository and its environments. */
export interface GitHubRepository {
  /** Organization or user; empty when it is not known yet. */
  readonly owner: string;
  readonly repository: string;
  /** Numeric ids; together they give the immutable OIDC subject. */
  readonly ownerId?: string;
  readonly repositoryId?: string;
  readonly defaultBranch: string;
  /** In the order in which a change is deployed. */
  readonly environments: readonly GitHubEnvironment[];
  /** Node.js that jobs run on, such as `22`. */
  readonly nodeVersion: string;
  /** Terraform that jobs run; the version of the table of pins when this one is not exact. */
  readonly terraformVersion: string;
  readonly engine: string;
  /** Holder in license headers when the options name none. */
  readonly copyrightHolder: string;
  /** Who was named before the owner was known; undefined if an option names the holder. */
  readonly formerHolder?: string;
}

/** One environment, as the workflows see it. */
export interface GitHubEnvironment {
  readonly name: string;
  /** GitHub environment that the apply role trusts; `name` when absent. */
  readonly githubEnvironment?: string;
  readonly region: string;
  /**
   * With an account id, role ARNs are written into the workflows, and credentials of another account are refused.
   * Without, they are read from the repository's variables `AWS_PLAN_ROLE_ARN_<ENV>`, `AWS_APPLY_ROLE_ARN_<ENV>`,
   * `AWS_DRIFT_ROLE_ARN_<ENV>` and `AWS_MIRROR_ROLE_ARN_<ENV>`.
   */
  readonly accountId?: string;
  /** Names of the IAM roles, each with its path. */
  readonly roles: { readonly plan: string; readonly apply: string; readonly drift: string; readonly mirror: string };
  /** Stacks in the order of deployment, such as `network`, `cluster`, `workloads`. */
  readonly stacks: readonly string[];
  readonly production: boolean;
  /** Whether its images come from a private registry that `mirror-images.yml` fills. */
  readonly mirrored: boolean;
}

/** An option of `workflows` that takes exceptions. */
export type Scanner = {
  [Option in keyof WorkflowOptions]-?: "exceptions" extends keyof NonNullable<WorkflowOptions[Option]> ? Option : never;
}[keyof WorkflowOptions];

/** The license header of the repository's own files. */
export interface LicenceHeaderSettings {
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
  readonly licence: LicenceHeaderSettings;
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

const DEFAULT_APP_ENVIRONMENT = "github-app";

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
  const resolver = new Resolver(options, issues);
  resolver.check(facts);
  const licence = resolver.ownOptions(licenseHeader);
  const visibility = options.visibility ?? RepositoryVisibility.PRIVATE;
  const codeSecurity = options.codeSecurity ?? visibility === RepositoryVisibility.PUBLIC;
  return {
    enabled: options.enabled ?? true,
    runnerLabels: options.runnerLabels ?? ["ubuntu-24.04"],
    privateRunnerLabels: options.privateRunnerLabels,
    roleRunners: {
      plan: resolver.roleRunner("terraformPlan"),
      apply: resolver.roleRunner("terraformApply"),
      drift: resolver.roleRunner("drift"),
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
    files: Object.fromEntries(WORKFLOWS.map((record) => [record.id, resolver.file(record, facts)])),
    severities: Object.fromEntries(
      GATES.filter(({ severity }) => severity !== undefined).map((gate) => [gate.id, resolver.severity(gate)]),
    ),
    exceptions: Object.fromEntries(
      GATES.filter(({ exceptions }) => exceptions !== undefined).map((gate) => [
        gate.option,
        resolver.exceptions(gate),
      ]),
    ) as Record<Scanner, readonly ScannerException[]>,
    own: Object.fromEntries(GATES.map((gate) => [gate.id, resolver.ownOptions(gate)])),
    licence: {
      holder: licence.holder ?? facts.copyrightHolder,
      formerHolder: licence.holder === undefined ? facts.formerHolder : undefined,
      spdxId: licence.spdxId,
      typesWithoutHeader: licence.typesWithoutHeader,
    },
    publishScorecard: options.scorecard?.publish ?? false,
    planComment: options.terraformPlan?.comment ?? PlanComment.WORKFLOW_TOKEN,
    applyOnPush: options.terraformApply?.onPush ?? true,
    upgradeCooldownDays: options.upgrade?.cooldownDays ?? 7,
    registriesWithoutSignatures: options.registriesWithoutSignatures ?? [],
  };
}

/** Collects what is wrong with the options. */
class Resolver {
  public constructor(
    private readonly options: WorkflowOptions,
    private readonly issues: IssueList,
  ) {}

  public check(facts: GitHubRepository): void {
    const { options } = this;
    this.labels(options.runnerLabels, "workflows.runnerLabels");
    this.labels(options.privateRunnerLabels, "workflows.privateRunnerLabels");
    this.match(
      options.appEnvironment,
      "workflows.appEnvironment",
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
      "a GitHub environment name of letters, digits, hyphens and underscores",
      'write a name such as "github-app"',
    );
    checkNumber(options.upgrade?.cooldownDays, { min: 0, max: 90 }, "workflows.upgrade.cooldownDays", this.issues);
    options.hardenRunnerEndpoints?.forEach((endpoint, index) =>
      this.match(
        endpoint,
        `workflows.hardenRunnerEndpoints[${index}]`,
        /^(\*\.)?[a-z0-9.-]+:\d{1,5}$/,
        "a host and a port",
        'write "api.github.com:443"',
      ),
    );
    if (options.hardenRunner === HardenRunner.BLOCK && !options.hardenRunnerEndpoints?.length) {
      this.issues.add(
        "workflows.hardenRunnerEndpoints",
        options.hardenRunnerEndpoints,
        "HardenRunner.BLOCK needs the endpoints that jobs may reach",
        "list them; HardenRunner.AUDIT shows which they are",
      );
    }
    options.registriesWithoutSignatures?.forEach((host, index) =>
      this.match(
        host,
        `workflows.registriesWithoutSignatures[${index}]`,
        /^(?!registry\.npmjs\.org$)(?!.*\.\.)[a-z0-9][a-z0-9.-]*(:\d{1,5})?$/,
        "the host of a registry other than npm's own, which signs",
        'write "npm.example.com"',
      ),
    );
    GATES.forEach((gate) => {
      this.patterns(gate);
    });
    this.codeSecurity();
    this.environmentNames(facts);
    this.relaxations();
    this.inlineSuppressions();
    this.pins();
    this.reviewers(facts);
    options.requiredWorkflows?.forEach((name, index) =>
      this.match(
        name,
        `workflows.requiredWorkflows[${index}]`,
        /^[A-Za-z0-9._-]+\.ya?ml$/,
        "the file name of a workflow",
        'write "deploy.yml"',
      ),
    );
  }

  /** The runners of a workflow whose jobs hold a role. */
  public roleRunner(option: "terraformPlan" | "terraformApply" | "drift"): RoleRunner {
    const { runnerLabels, privateRunnerLabels } = this.options[option] ?? {};
    this.labels(runnerLabels, `workflows.${option}.runnerLabels`);
    this.labels(privateRunnerLabels, `workflows.${option}.privateRunnerLabels`);
    if (privateRunnerLabels !== undefined && this.options.privateRunnerLabels === undefined) {
      this.issues.add(
        `workflows.${option}.privateRunnerLabels`,
        privateRunnerLabels,
        "a runner other than the one in workflows.privateRunnerLabels, which is not set",
        "set workflows.privateRunnerLabels too: all three workflows reach the private API, or none does",
      );
    }
    return { labels: runnerLabels, privateLabels: privateRunnerLabels ?? this.options.privateRunnerLabels };
  }

  /** Whether a workflow is there: by option, and because there is something for it to work on. */
  public file({ option, needs }: WorkflowRecord, facts: GitHubRepository): FileSettings {
    const { enabled = true, schedule } = this.optionsOf<{ enabled: boolean; schedule: string }>(option);
    this.cron(schedule, `workflows.${option}.schedule`);
    return { enabled: enabled && (needs === undefined || this.has(needs, facts)), schedule };
  }

  public severity({ option }: GateRecord): FindingSeverity {
    return this.optionsOf<{ minimumSeverity: FindingSeverity }>(option).minimumSeverity ?? FindingSeverity.MEDIUM;
  }

  public exceptions(gate: GateRecord): readonly ScannerException[] {
    const { exceptions = [] } = this.optionsOf<{ exceptions: readonly ScannerException[] }>(gate.option);
    exceptions.forEach((exception, index) =>
      this.exception(exception, gate, `workflows.${gate.option}.exceptions[${index}]`),
    );
    return exceptions;
  }

  /** What no other gate has, defaults filled in. */
  public ownOptions<Own extends object>({ option, defaults }: GateRecord<Own>): Own {
    const given = this.optionsOf<Own>(option);
    return Object.fromEntries(
      Object.entries(defaults).map(([key, value]) => [key, given[key as keyof Own] ?? value]),
    ) as Own;
  }

  private optionsOf<Own extends object>(option: WorkflowRecord["option"]): Partial<Own> {
    return (option === undefined ? undefined : (this.options[option] as Partial<Own>)) ?? {};
  }

  private has(needed: NonNullable<WorkflowRecord["needs"]>, { environments }: GitHubRepository): boolean {
    switch (needed) {
      case "mirror":
        return environments.some(({ mirrored }) => mirrored);
      case "stacks":
        return environments.some(({ stacks }) =>
          stacks.some((stack) => stack !== "workloads" || this.options.privateRunnerLabels !== undefined),
        );
    }
  }

  private patterns({ option, patterns }: GateRecord): void {
    const given = this.optionsOf<Record<string, string | readonly string[]>>(option);
    for (const [key, { pattern, rule, fix }] of Object.entries<TextRule>({ ...patterns })) {
      const path = `workflows.${option}.${key}`;
      const value = given[key];
      if (typeof value === "string") {
        this.match(value, path, pattern, rule, fix);
      } else {
        value?.forEach((item, index) => this.match(item, `${path}[${index}]`, pattern, rule, fix));
      }
    }
  }

  /** Five fields, as GitHub takes them; at least five minutes apart is GitHub's own limit. */
  private cron(schedule: string | undefined, path: string): void {
    if (schedule === undefined || schedule === "") {
      return;
    }
    const bounds: readonly (readonly [number, number])[] = [
      [0, 59],
      [0, 23],
      [1, 31],
      [1, 12],
      [0, 6],
    ];
    const fields = schedule.split(" ");
    const valid =
      fields.length === 5 &&
      fields.every((field, index) => isCronField(field, bounds[index] as readonly [number, number]));
    if (!valid) {
      this.issues.add(
        path,
        schedule,
        "five cron fields: minute, hour, day of month, month, day of week (0-6), in UTC",
        'write "17 4 * * 1" for Mondays at 04:17',
      );
    } else if (fields[0]?.includes("*")) {
      this.issues.add(path, schedule, "at most once an hour", "name the minute");
    }
  }

  private exception(exception: ScannerException, gate: GateRecord, path: string): void {
    this.match(
      exception.id,
      `${path}.id`,
      /^(\*|(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._:/-]{0,99})$/,
      "the id as the scanner prints it, or *",
      "copy it from the scanner's output",
    );
    this.reason(exception.reason, `${path}.reason`);
    this.date(exception.expires, `${path}.expires`);
    checkPattern(exception.path, "filePath", `${path}.path`, this.issues);
    this.match(
      exception.resource,
      `${path}.resource`,
      /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/,
      "the path of a construct below its stack",
      'write "state/bucket"; cdk.tf.json has it as metadata.path',
    );
    this.exceptionScope(exception, gate, path);
  }

  /** An exception that its tool cannot limit as it says is refused: it would count for more than it says. */
  private exceptionScope(exception: ScannerException, { tool, exceptions }: GateRecord, path: string): void {
    const { id } = exception;
    const star = id === "*";
    if (exception.resource !== undefined && (!exceptions?.resources || star || exception.path !== undefined)) {
      const tools = toolNames(GATES.filter((gate) => gate.exceptions?.resources));
      this.issues.add(
        `${path}.resource`,
        exception.resource,
        `limits one finding of ${tools} to a resource, without a path`,
        "remove resource, or name the finding and remove path",
      );
    }
    if (star && exception.path === undefined) {
      this.issues.add(`${path}.path`, undefined, "an exception for everything is limited to a path", "add a path");
    }
    switch (exceptions?.scope) {
      case "finding":
        if (exception.path !== undefined) {
          const what = star ? "an exception" : `'${id}'`;
          this.issues.add(`${path}.path`, exception.path, `${tool} cannot limit ${what} to a path`, "remove the path");
        }
        if (star) {
          this.issues.add(`${path}.id`, id, `${tool} takes no exception for everything`, "name the finding");
        }
        break;
      case "finding-else-path":
        if (exception.path !== undefined && !star) {
          const fix = "use the id * or remove the path";
          this.issues.add(`${path}.path`, exception.path, `${tool} cannot limit '${id}' to a path`, fix);
        }
        break;
      case "path":
        if (!star) {
          this.issues.add(`${path}.id`, id, `the findings of ${tool} have no ids`, 'write "*"');
        }
        break;
      case "finding-of-workflow":
        if (star || !/^\.github\/(workflows\/)?[A-Za-z0-9._-]+\.ya?ml$/.test(exception.path ?? "")) {
          this.issues.add(
            `${path}.path`,
            exception.path,
            `an exception of ${tool} is for a finding and the file that it is in`,
            "write path: .github/workflows/NAME.yml",
          );
        }
        break;
    }
  }

  /** What GitHub offers in public repositories, and in others for money. */
  private codeSecurity(): void {
    const { visibility = RepositoryVisibility.PRIVATE, codeSecurity, codeScanning, dependencyCheck } = this.options;
    const isPublic = visibility === RepositoryVisibility.PUBLIC;
    const has = codeSecurity ?? isPublic;
    const needs = "needs GitHub Code Security, which the options do not name";
    const fix = "set workflows.codeSecurity: true if the repository has it, or remove this option";
    if (isPublic && codeSecurity === false) {
      this.issues.add("workflows.codeSecurity", codeSecurity, "public repositories have it", "remove the option");
    }
    if (codeScanning === true && !has) {
      this.issues.add("workflows.codeScanning", codeScanning, needs, fix);
    }
    if (dependencyCheck?.dependencyReview === true && !has) {
      this.issues.add("workflows.dependencyCheck.dependencyReview", true, needs, fix);
    }
    const { allowLicenses } = dependencyCheck ?? {};
    if (allowLicenses !== undefined && allowLicenses.length > 0 && !(dependencyCheck?.dependencyReview ?? has)) {
      this.issues.add(
        "workflows.dependencyCheck.allowLicenses",
        allowLicenses,
        "the dependency review compares licenses, and it is off",
        fix,
      );
    }
    if (this.options.scorecard?.publish === true && !isPublic) {
      this.issues.add(
        "workflows.scorecard.publish",
        true,
        `scorecard.dev takes the results of public repositories only, and this one is ${visibility}`,
        "set workflows.visibility: RepositoryVisibility.PUBLIC if it is public, or remove this option",
      );
    }
  }

  /** GitHub compares names of environments without regard to case. */
  private environmentNames({ environments }: GitHubRepository): void {
    const app = this.options.appEnvironment ?? DEFAULT_APP_ENVIRONMENT;
    const deployments = environments.map(({ name, githubEnvironment }) => githubEnvironment ?? name);
    if (deployments.some((name) => name.toLowerCase() === app.toLowerCase())) {
      this.issues.add(
        "workflows.appEnvironment",
        app,
        "the environment of the App's private key is none that a deployment uses: each would get what is the other's",
        "choose another name, such as github-app",
      );
    }
  }

  private relaxations(): void {
    this.options.relax?.forEach((relaxation, index) => {
      const path = `workflows.relax[${index}]`;
      if (!RULE_IDS.includes(relaxation.rule)) {
        const near = nearestKey(relaxation.rule, RULE_IDS);
        this.issues.add(
          `${path}.rule`,
          relaxation.rule,
          "the id of a hardening rule",
          near === undefined ? `use one of ${RULE_IDS.join(", ")}` : `did you mean ${near}?`,
        );
      }
      this.reason(relaxation.reason, `${path}.reason`);
      if (relaxation.expires !== undefined) {
        this.date(relaxation.expires, `${path}.expires`);
      }
      this.match(
        relaxation.workflow,
        `${path}.workflow`,
        /^(?!.*\.\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\.ya?ml$/,
        "the file name of a workflow, or the path of a workflow or an action",
        'write "deploy.yml" or "ci/notify/action.yml"',
      );
    });
  }

  private inlineSuppressions(): void {
    this.options.inlineSuppressions?.forEach((suppression, index) => {
      const path = `workflows.inlineSuppressions[${index}]`;
      checkPattern(suppression.path, "filePath", `${path}.path`, this.issues);
      this.reason(suppression.reason, `${path}.reason`);
      this.date(suppression.expires, `${path}.expires`);
    });
  }

  private pins(): void {
    for (const [action, pin] of Object.entries(this.options.actionPins ?? {})) {
      const path = `workflows.actionPins["${action}"]`;
      if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(action) || repositoryOfAction(action) !== action) {
        this.issues.add(path, action, "the repository of an action", "write owner/name");
      }
      this.match(
        pin.sha,
        `${path}.sha`,
        /^[0-9a-f]{40}$/,
        "the 40 hexadecimal digits of a commit",
        "ask: git ls-remote https://github.com/OWNER/NAME 'refs/tags/vX.Y.Z^{}'",
      );
      this.match(pin.version, `${path}.version`, /^v?\d+\.\d+\.\d+$/, "an exact release tag", 'write "v1.2.3"');
    }
  }

  private reviewers(facts: GitHubRepository): void {
    const names = facts.environments.map(({ name }) => name);
    for (const [environment, reviewers] of Object.entries(this.options.environmentReviewers ?? {})) {
      const path = `workflows.environmentReviewers.${environment}`;
      if (!names.includes(environment)) {
        this.issues.add(path, environment, "the name of an environment", `use one of ${names.join(", ")}`);
      }
      if (reviewers.length > 6) {
        this.issues.add(path, reviewers, "GitHub takes at most six reviewers", "name a team");
      }
      reviewers.forEach((reviewer, index) => checkPattern(reviewer, "codeOwner", `${path}[${index}]`, this.issues));
    }
  }

  private labels(labels: readonly string[] | undefined, path: string): void {
    if (labels?.length === 0) {
      this.issues.add(path, labels, "at least one label", "name one, or remove the option");
    }
    labels?.forEach((label, index) => {
      this.match(
        label,
        `${path}[${index}]`,
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
        "a runner label",
        'write "ubuntu-24.04"',
      );
      if (label.endsWith("-latest")) {
        this.issues.add(`${path}[${index}]`, label, "a runner named by version", 'write "ubuntu-24.04"');
      }
    });
  }

  private reason(reason: string, path: string): void {
    this.match(
      reason,
      path,
      /^(?!.*\.\.\/)(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`|${}<>]|[\u200c\u200d]){10,300}$/u,
      "one line of 10 to 300 characters, none of them invisible, without ` | $ { } < > or ../",
      "say in a sentence why this is acceptable here",
    );
  }

  private date(date: string, path: string): void {
    const parsed = new Date(`${date}T00:00:00Z`);
    if (
      !/^\d{4}-\d{2}-\d{2}$/.test(date) ||
      Number.isNaN(parsed.getTime()) ||
      parsed.toISOString().slice(0, 10) !== date
    ) {
      this.issues.add(path, date, "a day in the form YYYY-MM-DD", 'write "2027-06-30"');
    }
  }

  private match(
    value: string | undefined,
    path: string,
    expression: TextRule["pattern"],
    rule: string,
    fix: TextRule["fix"],
  ): void {
    if (value !== undefined && !expression.test(value)) {
      this.issues.add(path, value, rule, typeof fix === "string" ? fix : fix(value));
    }
  }
}

function isCronField(field: string, [low, high]: readonly [number, number]): boolean {
  return field.split(",").every((part) => {
    const match = /^(\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    const numbers = [match?.[2], match?.[3]].filter((text) => text !== undefined).map(Number);
    return (
      match !== null &&
      match[4] !== "0" &&
      numbers.every((number) => number >= low && number <= high) &&
      (numbers[1] ?? high) >= (numbers[0] ?? low)
    );
  });
}
