// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { nearestKey } from "../options/nearest-key";
import {
  FindingSeverity,
  HardenRunner,
  PlanComment,
  type ScannerException,
  type WorkflowOptions,
  type WorkflowRuleRelaxation,
} from "../options/workflow-options";
import { type PinnedAction, repositoryOfAction } from "../workflow-rules/pin-table";
import { RULE_IDS } from "../workflow-rules/check-workflow";
import { checkNumber, checkPattern } from "./patterns";

/** What the workflows know about the repository and its environments. */
export interface GitHubRepository {
  /** Organisation or user; empty when it is not known yet. */
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
  /** Holder in licence headers when the options name none. */
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
  /** Names of the IAM roles. */
  readonly roles: { readonly plan: string; readonly apply: string; readonly drift: string; readonly mirror: string };
  /** Stacks in the order of deployment, such as `network`, `cluster`, `workloads`. */
  readonly stacks: readonly string[];
  readonly production: boolean;
  /** Whether its images come from a private registry that `mirror-images.yml` fills. */
  readonly mirrored: boolean;
}

/** Scanners that take exceptions. */
export type Scanner =
  | "tfsec"
  | "trivy"
  | "checkov"
  | "codeql"
  | "gitleaks"
  | "dependencyCheck"
  | "licenseHeader"
  | "workflowAudit";

/** Which of an exception's fields a scanner can act on. */
const EXCEPTION_SCOPE: Record<Scanner, "id" | "id-or-path" | "path-with-star" | "id-and-path" | "star-only"> = {
  tfsec: "id",
  trivy: "id-or-path",
  checkov: "path-with-star",
  codeql: "path-with-star",
  gitleaks: "id-or-path",
  dependencyCheck: "id",
  licenseHeader: "star-only",
  workflowAudit: "id-and-path",
};

/** The licence header of the repository's own files. */
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
  readonly codeScanning: boolean;
  readonly hardenRunner: HardenRunner;
  readonly hardenRunnerEndpoints: readonly string[];
  readonly appEnvironment: string;
  readonly environmentReviewers: Readonly<Record<string, readonly string[]>>;
  readonly actionPins: Readonly<Record<string, PinnedAction>>;
  readonly relaxations: readonly WorkflowRuleRelaxation[];
  readonly requiredWorkflows: readonly string[];
  /** Workflow files that are generated, by file name without `.yml`. */
  readonly files: Readonly<Record<WorkflowFile, FileSettings>>;
  readonly severities: {
    readonly tfsec: FindingSeverity;
    readonly trivy: FindingSeverity;
    readonly codeql: FindingSeverity;
    readonly dependencyReview: FindingSeverity;
  };
  readonly dependencyReview: boolean;
  readonly allowLicenses: readonly string[];
  readonly exceptions: Readonly<Record<Scanner, readonly ScannerException[]>>;
  readonly licence: LicenceHeaderSettings;
  readonly publishScorecard: boolean;
  readonly planComment: PlanComment;
  readonly applyOnPush: boolean;
  readonly upgradeCooldownDays: number;
}

/** Names of the workflow files that this package ships. */
export const WORKFLOW_FILES = [
  "build",
  "policy",
  "tfsec",
  "checkov",
  "codeql",
  "gitleaks",
  "dependency-check",
  "license-header",
  "workflow-audit",
  "trivy",
  "scorecard",
  "terraform-plan",
  "terraform-apply",
  "drift-detection",
  "mirror-images",
  "upgrade",
  "sync-check",
] as const;
export type WorkflowFile = (typeof WORKFLOW_FILES)[number];

/** Whether a workflow is there, and when it runs by itself; an undefined schedule keeps the file's own. */
export interface FileSettings {
  readonly enabled: boolean;
  readonly schedule?: string;
}

/** Workflows whose checks a branch should require. */
export const REQUIRED_WORKFLOWS: readonly WorkflowFile[] = [
  "build",
  "policy",
  "tfsec",
  "checkov",
  "codeql",
  "gitleaks",
  "dependency-check",
  "license-header",
  "workflow-audit",
  "trivy",
  "terraform-plan",
  "sync-check",
];

/** Options with every default filled in. What is wrong is added to `issues`; the result is meaningless if there is anything. */
export function resolveWorkflowSettings(
  options: WorkflowOptions,
  facts: GitHubRepository,
  issues: IssueList,
): WorkflowSettings {
  const resolver = new Resolver(options, issues);
  resolver.check(facts);
  const gate = (own: { enabled?: boolean; schedule?: string } | undefined, path: string): FileSettings => {
    resolver.cron(own?.schedule, `workflows.${path}.schedule`);
    return { enabled: own?.enabled ?? true, schedule: own?.schedule };
  };
  const severity = (own: { minimumSeverity?: FindingSeverity } | undefined) =>
    own?.minimumSeverity ?? FindingSeverity.MEDIUM;
  const exceptions = (scanner: Scanner) => resolver.exceptions(scanner);
  return {
    enabled: options.enabled ?? true,
    runnerLabels: options.runnerLabels ?? ["ubuntu-24.04"],
    privateRunnerLabels: options.privateRunnerLabels,
    codeScanning: options.codeScanning ?? true,
    hardenRunner: options.hardenRunner ?? HardenRunner.OFF,
    hardenRunnerEndpoints: options.hardenRunnerEndpoints ?? [],
    appEnvironment: options.appEnvironment ?? "github-app",
    environmentReviewers: options.environmentReviewers ?? {},
    actionPins: options.actionPins ?? {},
    relaxations: options.relax ?? [],
    requiredWorkflows: options.requiredWorkflows ?? [],
    files: {
      build: { enabled: true },
      policy: gate(options.policy, "policy"),
      tfsec: gate(options.tfsec, "tfsec"),
      checkov: gate(options.checkov, "checkov"),
      codeql: gate(options.codeql, "codeql"),
      gitleaks: gate(options.gitleaks, "gitleaks"),
      "dependency-check": gate(options.dependencyCheck, "dependencyCheck"),
      "license-header": gate(options.licenseHeader, "licenseHeader"),
      "workflow-audit": gate(options.workflowAudit, "workflowAudit"),
      trivy: gate(options.trivy, "trivy"),
      scorecard: gate(options.scorecard, "scorecard"),
      "terraform-plan": gate(options.terraformPlan, "terraformPlan"),
      "terraform-apply": gate(options.terraformApply, "terraformApply"),
      "drift-detection": gate(options.drift, "drift"),
      "mirror-images": {
        ...gate(options.mirrorImages, "mirrorImages"),
        enabled: (options.mirrorImages?.enabled ?? true) && facts.environments.some(({ mirrored }) => mirrored),
      },
      upgrade: gate(options.upgrade, "upgrade"),
      "sync-check": gate(options.syncCheck, "syncCheck"),
    },
    severities: {
      tfsec: severity(options.tfsec),
      trivy: severity(options.trivy),
      codeql: severity(options.codeql),
      dependencyReview: severity(options.dependencyCheck),
    },
    dependencyReview: options.dependencyCheck?.dependencyReview ?? true,
    allowLicenses: options.dependencyCheck?.allowLicenses ?? [],
    exceptions: {
      tfsec: exceptions("tfsec"),
      trivy: exceptions("trivy"),
      checkov: exceptions("checkov"),
      codeql: exceptions("codeql"),
      gitleaks: exceptions("gitleaks"),
      dependencyCheck: exceptions("dependencyCheck"),
      licenseHeader: exceptions("licenseHeader"),
      workflowAudit: exceptions("workflowAudit"),
    },
    licence: {
      holder: options.licenseHeader?.holder ?? facts.copyrightHolder,
      formerHolder: options.licenseHeader?.holder === undefined ? facts.formerHolder : undefined,
      spdxId: options.licenseHeader?.spdxId ?? "Apache-2.0",
      typesWithoutHeader: options.licenseHeader?.typesWithoutHeader ?? [],
    },
    publishScorecard: options.scorecard?.publish ?? false,
    planComment: options.terraformPlan?.comment ?? PlanComment.APP,
    applyOnPush: options.terraformApply?.onPush ?? true,
    upgradeCooldownDays: options.upgrade?.cooldownDays ?? 7,
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
    this.match(
      options.licenseHeader?.holder,
      "workflows.licenseHeader.holder",
      /^[^\p{Cc}\p{Zl}\p{Zp}`*/{}$<>]{1,100}$/u,
      "one line of at most 100 characters without ` * / { } $ < >",
      "write the name of the holder",
    );
    this.match(
      options.licenseHeader?.spdxId,
      "workflows.licenseHeader.spdxId",
      /^[A-Za-z0-9.+-]{1,60}$/,
      "an SPDX licence id",
      'write an id such as "Apache-2.0" (spdx.org/licenses)',
    );
    options.licenseHeader?.typesWithoutHeader?.forEach((type, index) =>
      this.match(
        type,
        `workflows.licenseHeader.typesWithoutHeader[${index}]`,
        /^(?:\.[A-Za-z0-9_+-]{1,30}|[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,60})$/,
        "an extension with its dot, or a file name",
        'write ".parquet"',
      ),
    );
    checkNumber(options.upgrade?.cooldownDays, { min: 0, max: 90 }, "workflows.upgrade.cooldownDays", this.issues);
    options.dependencyCheck?.allowLicenses?.forEach((id, index) =>
      this.match(
        id,
        `workflows.dependencyCheck.allowLicenses[${index}]`,
        /^[A-Za-z0-9.+-]{1,60}$/,
        "an SPDX licence id",
        'write an id such as "MIT" (spdx.org/licenses)',
      ),
    );
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
    this.relaxations();
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

  public exceptions(scanner: Scanner): readonly ScannerException[] {
    const list = (this.options[scanner] as { exceptions?: ScannerException[] } | undefined)?.exceptions ?? [];
    list.forEach((exception, index) => this.exception(exception, scanner, `workflows.${scanner}.exceptions[${index}]`));
    return list;
  }

  /** Five fields, as GitHub takes them; at least five minutes apart is GitHub's own limit. */
  public cron(schedule: string | undefined, path: string): void {
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

  private exception(exception: ScannerException, scanner: Scanner, path: string): void {
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
    const scope = EXCEPTION_SCOPE[scanner];
    const star = exception.id === "*";
    this.match(
      exception.resource,
      `${path}.resource`,
      /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/,
      "the path of a construct below its stack",
      'write "state/bucket"; cdk.tf.json has it as metadata.path',
    );
    if (
      exception.resource !== undefined &&
      (!["tfsec", "trivy", "checkov"].includes(scanner) || star || exception.path !== undefined)
    ) {
      this.issues.add(
        `${path}.resource`,
        exception.resource,
        "limits one finding of tfsec, Trivy or Checkov to a resource, without a path",
        "remove resource, or name the finding and remove path",
      );
    }
    if (star && exception.path === undefined) {
      this.issues.add(`${path}.path`, undefined, "an exception for everything is limited to a path", "add a path");
    }
    if (exception.path !== undefined && (scope === "id" || (scope === "path-with-star" && !star))) {
      this.issues.add(
        `${path}.path`,
        exception.path,
        `${scanner} cannot limit ${star ? "an exception" : `'${exception.id}'`} to a path`,
        scope === "id" ? "remove the path" : "use the id * or remove the path",
      );
    }
    if (scope === "star-only" && !star) {
      this.issues.add(`${path}.id`, exception.id, "the licence check has no ids", 'write "*"');
    }
    if (
      scope === "id-and-path" &&
      (star || !/^\.github\/(workflows\/)?[A-Za-z0-9._-]+\.ya?ml$/.test(exception.path ?? ""))
    ) {
      this.issues.add(
        `${path}.path`,
        exception.path,
        "zizmor takes an audit and the file it is for",
        "write path: .github/workflows/NAME.yml",
      );
    }
    if (scope === "id" && star) {
      this.issues.add(`${path}.id`, "*", `${scanner} takes no exception for everything`, "name the finding");
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
        /^[A-Za-z0-9._-]+\.ya?ml$/,
        "the file name of a workflow",
        'write "deploy.yml"',
      );
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
      /^(?!.*\.\.\/)[^\p{Cc}\p{Zl}\p{Zp}`|${}<>]{10,300}$/u,
      "one line of 10 to 300 characters without ` | $ { } < > or ../",
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

  private match(value: string | undefined, path: string, expression: RegExp, rule: string, fix: string): void {
    if (value !== undefined && !expression.test(value)) {
      this.issues.add(path, value, rule, fix);
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
