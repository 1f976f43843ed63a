// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The severity from which a finding fails a gate. */
export enum FindingSeverity {
  /** Everything that the tool reports with a severity. */
  LOW = "low",
  /** Medium, high and critical. */
  MEDIUM = "medium",
  /** High and critical. */
  HIGH = "high",
  /** Critical only. */
  CRITICAL = "critical",
}

/** Who can see the repository. What GitHub offers without payment depends on it. */
export enum RepositoryVisibility {
  /** Those who were given access. */
  PRIVATE = "private",
  /** Everybody in the enterprise. */
  INTERNAL = "internal",
  /** Everybody. GitHub's code security is free there. */
  PUBLIC = "public",
}

/** Who writes the plan's summary on a pull request. */
export enum PlanComment {
  /**
   * The GitHub App. Its key must then be a secret of the repository, where anyone who can push a branch can read it and
   * do what the App may do.
   */
  APP = "app",
  /** The workflow's own token, with `pull-requests: write` in the one job that comments. Needs no App. */
  WORKFLOW_TOKEN = "workflow-token",
  /** Nobody; the summary stays in the run. */
  NONE = "none",
}

/** Whether StepSecurity's harden-runner watches the network of each job. */
export enum HardenRunner {
  /** No. */
  OFF = "off",
  /** Record outgoing connections. */
  AUDIT = "audit",
  /** Refuse outgoing connections except to `hardenRunnerEndpoints`. A job whose network is not blocked after all fails. */
  BLOCK = "block",
}

/** One finding that a scanner may report without failing, for a reason and for a time. */
export interface ScannerException {
  /**
   * Id as the scanner prints it, such as `CKV_AWS_158`, `AVD-AWS-0104`, `generic-api-key` or `GHSA-xxxx-xxxx-xxxx`;
   * `*` with a `path` excludes that path altogether.
   */
  readonly id: string;
  /** Why the finding is acceptable here: at least 10 characters. Shown in the security document. */
  readonly reason: string;
  /** Last day on which the exception counts, in the form YYYY-MM-DD. Afterwards the build fails. */
  readonly expires: string;
  /**
   * Path that the exception is limited to, relative to the repository: a file, or a directory with everything below it.
   * Not every tool can limit an exception in this way; docs/workflows.md has a table. A limit that the tool cannot
   * apply is refused.
   * @default - the whole repository
   */
  readonly path?: string;
  /**
   * Resources that the exception is limited to: the path of a construct below its stack, such as `state/bucket`, with
   * everything below it. For tools that read the stacks; docs/workflows.md has a table.
   * @default - all resources
   */
  readonly resource?: string;
}

/** Comments in a file that silence a scanner, for a reason and for a time. */
export interface InlineSuppression {
  /** The file, relative to the repository, or a directory with everything below it. */
  readonly path: string;
  /** Why the findings are acceptable here: at least 10 characters. */
  readonly reason: string;
  /** Last day on which the comments count, in the form YYYY-MM-DD. Afterwards the build fails. */
  readonly expires: string;
}

/** A hardening rule switched off, for a reason. */
export interface WorkflowRuleRelaxation {
  /** Id of the rule, such as `job-timeout`. */
  readonly rule: string;
  /** Why the rule does not apply here: at least 10 characters. Shown in the security document. */
  readonly reason: string;
  /**
   * The one file that the relaxation is for: the file name of a workflow, such as `deploy.yml`, or the path of a
   * workflow or an action, such as `ci/notify/action.yml`.
   * @default - every workflow and action
   */
  readonly workflow?: string;
  /**
   * Last day on which the relaxation counts, in the form YYYY-MM-DD. Afterwards the build fails.
   * @default - no end
   */
  readonly expires?: string;
}

/** The commit that stands for a release of an action. */
export interface ActionPin {
  /** Exact release tag, such as `v4.1.0`; written next to the pin. */
  readonly version: string;
  /** The 40 hexadecimal digits of the commit. */
  readonly sha: string;
}

/** A gate that runs on pull requests, on the default branch and in merge queues. */
export interface GateOptions {
  /**
   * Whether the workflow is generated.
   * @default true
   */
  readonly enabled?: boolean;
}

/** The policies. */
export interface PolicyGateOptions extends GateOptions {
  /**
   * What the rule `terraform/programs` lets through, by the name that its message begins with: `data.http.status`,
   * `provider.datadog`, `module.vpc`. A plan of a pull request takes the exceptions of the base branch.
   * @default - none
   */
  readonly exceptions?: ScannerException[];
}

/** A gate that runs on a schedule too. */
export interface ScheduledGateOptions extends GateOptions {
  /**
   * When it runs in addition to pull requests: cron with five fields, in UTC. An empty string turns the schedule off.
   * @default - once a week, at a different minute for each workflow
   */
  readonly schedule?: string;
  /**
   * Findings that do not fail the gate.
   * @default - none
   */
  readonly exceptions?: ScannerException[];
}

/** A gate whose scanner grades its findings. */
export interface SeverityGateOptions extends ScheduledGateOptions {
  /**
   * Lowest severity at which a finding fails the gate.
   * @default FindingSeverity.MEDIUM
   */
  readonly minimumSeverity?: FindingSeverity;
}

/** Dependencies. */
export interface DependencyCheckOptions extends SeverityGateOptions {
  /**
   * Whether a pull request's new dependencies are reviewed. Needs `codeSecurity`.
   * `minimumSeverity` applies to this review; OSV fails on every known vulnerability.
   * @default - the value of `codeSecurity`
   */
  readonly dependencyReview?: boolean;
  /**
   * SPDX ids of the licenses that a new dependency may have. Needs `dependencyReview`.
   * @default - any
   */
  readonly allowLicenses?: string[];
}

/** License headers. */
export interface LicenseHeaderOptions extends GateOptions {
  /**
   * Holder in the header of the repository's own files: "Copyright <holder>".
   * @default - the copyright holder of the documents
   */
  readonly holder?: string;
  /**
   * SPDX id of the license of the repository's own files.
   * @default "Apache-2.0"
   */
  readonly spdxId?: string;
  /**
   * Additional file types without headers: extensions or file names, such as `.parquet`. An unknown type fails the
   * gate.
   * @default - types that have no comments, such as JSON, Markdown, notebooks and images
   */
  readonly typesWithoutHeader?: string[];
  /**
   * Paths without headers; the id of each is `*`.
   * @default - none
   */
  readonly exceptions?: ScannerException[];
}

/** OpenSSF Scorecard. */
export interface ScorecardOptions extends GateOptions {
  /**
   * When it runs: cron with five fields, in UTC.
   * @default "47 5 * * 1"
   */
  readonly schedule?: string;
  /**
   * Whether the result is published at scorecard.dev. Only with `visibility: RepositoryVisibility.PUBLIC`.
   * @default false
   */
  readonly publish?: boolean;
}

/**
 * Runners of the jobs that have a role in AWS. Plans run code of pull requests that nobody has reviewed, so self-hosted
 * runners must be ephemeral, and plans and deployments must not share them.
 */
export interface RoleRunnerOptions {
  /**
   * Labels of the runner that this workflow's jobs with a role run on.
   * @default - `workflows.runnerLabels`
   */
  readonly runnerLabels?: string[];
  /**
   * Labels of the runner that can reach the private Kubernetes API, for this workflow's jobs. Only with
   * `workflows.privateRunnerLabels`.
   * @default - `workflows.privateRunnerLabels`
   */
  readonly privateRunnerLabels?: string[];
}

/** Plans on pull requests. */
export interface TerraformPlanOptions extends GateOptions, RoleRunnerOptions {
  /**
   * Who writes the summary on the pull request.
   * @default PlanComment.WORKFLOW_TOKEN
   */
  readonly comment?: PlanComment;
}

/** Deployment of what was merged: it is planned, and exactly that plan is applied. In production, a person starts it. */
export interface TerraformApplyOptions extends GateOptions, RoleRunnerOptions {
  /**
   * Whether a push to the default branch plans what was merged and deploys environments that are not production.
   * Otherwise, a person starts the workflow. A production environment always waits for a person to start it with the
   * plan's name.
   * @default true
   */
  readonly onPush?: boolean;
}

/** A workflow that runs on a schedule and on request. */
export interface ScheduledWorkflowOptions {
  /**
   * Whether the workflow is generated.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * When it runs: cron with five fields, in UTC. An empty string leaves only the manual start.
   * @default - daily for drift detection, weekly otherwise
   */
  readonly schedule?: string;
}

/** Comparison of what is deployed with what is committed. */
export interface DriftOptions extends ScheduledWorkflowOptions, RoleRunnerOptions {}

/** Upgrades of this generator. */
export interface UpgradeOptions extends ScheduledWorkflowOptions {
  /**
   * Age that a release must have before it is used, in days, 0 to 90.
   * @default 7
   */
  readonly cooldownDays?: number;
}

/** The CI workflows of a generated repository. */
export interface WorkflowOptions {
  /**
   * Whether any workflow is generated.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Labels of the runner that jobs run on. Not `-latest`: a runner's system changes on a known day.
   * @default ["ubuntu-24.04"]
   */
  readonly runnerLabels?: string[];
  /**
   * Labels of a self-hosted runner that can reach the private Kubernetes API. Without one, workflows do not plan, apply
   * or compare the workloads stacks; deploy them from a machine inside the network.
   * @default - none
   */
  readonly privateRunnerLabels?: string[];
  /**
   * Who can see the repository on GitHub.
   * @default RepositoryVisibility.PRIVATE
   */
  readonly visibility?: RepositoryVisibility;
  /**
   * Whether the repository has GitHub Code Security, a paid feature for private and internal repositories. Without it,
   * nothing is uploaded to code scanning, no dependency review runs, and CodeQL, whose license requires it, is skipped.
   * @default - true for public repositories, else false
   */
  readonly codeSecurity?: boolean;
  /**
   * Whether findings go to GitHub code scanning too. Needs `codeSecurity`. The gates fail by themselves either way, and
   * leave their findings in the run's summary and as an artifact.
   * @default - the value of `codeSecurity`
   */
  readonly codeScanning?: boolean;
  /**
   * Whether harden-runner is the first step of each job on a hosted runner. In private repositories it needs a paid
   * tier.
   * @default HardenRunner.OFF
   */
  readonly hardenRunner?: HardenRunner;
  /**
   * What jobs may connect to with `HardenRunner.BLOCK`: `host:port`.
   * @default - nothing
   */
  readonly hardenRunnerEndpoints?: string[];
  /**
   * GitHub environment of the scheduled jobs that use the App's private key, so that no other job can read the key. It
   * must not be the environment of a deployment.
   * @default "github-app"
   */
  readonly appEnvironment?: string;
  /**
   * People (`@user`) and teams (`@organization/team`) who approve deployments, by name of the environment. Written into
   * `.github/settings.json`, which `scripts/github-settings.mjs` applies.
   * @default - nobody
   */
  readonly environmentReviewers?: { readonly [environment: string]: string[] };
  /**
   * Releases of actions to use instead of the built-in ones, and actions of workflows that you add yourself, by
   * `owner/name`.
   * @default - the pins of this version of the generator
   */
  readonly actionPins?: { readonly [action: string]: ActionPin };
  /**
   * Hardening rules that do not apply to one of your workflows.
   * @default - none
   */
  readonly relax?: WorkflowRuleRelaxation[];
  /**
   * Files with comments that silence a scanner, such as `# zizmor: ignore[...]`, `gitleaks:allow` or
   * `#trivy:ignore:...`, and files that do so themselves, such as `.gitleaksignore`. The build fails on any other such
   * file. It is better to list the finding in the `exceptions` of its gate.
   * @default - none
   */
  readonly inlineSuppressions?: InlineSuppression[];
  /**
   * File names of workflows that you add in `.projenrc.ts` and whose checks branch protection requires.
   * @default - none
   */
  readonly requiredWorkflows?: string[];
  /**
   * Hosts of npm registries that do not sign packages, such as `npm.example.com`. Neither the dependency check nor an
   * upgrade requires a signature or provenance for packages that `package-lock.json` takes from there.
   * @default - none
   */
  readonly registriesWithoutSignatures?: string[];
  /**
   * Policy tests.
   * @default - on
   */
  readonly policy?: PolicyGateOptions;
  /**
   * tfsec.
   * @default - on
   */
  readonly tfsec?: SeverityGateOptions;
  /**
   * Trivy, tfsec's successor.
   * @default - on
   */
  readonly trivy?: SeverityGateOptions;
  /**
   * Checkov.
   * @default - on
   */
  readonly checkov?: ScheduledGateOptions;
  /**
   * CodeQL. Without `codeSecurity`, its jobs are skipped, and no branch requires them.
   * @default - on
   */
  readonly codeql?: SeverityGateOptions;
  /**
   * Gitleaks.
   * @default - on
   */
  readonly gitleaks?: ScheduledGateOptions;
  /**
   * Vulnerable dependencies.
   * @default - on
   */
  readonly dependencyCheck?: DependencyCheckOptions;
  /**
   * License headers.
   * @default - on
   */
  readonly licenseHeader?: LicenseHeaderOptions;
  /**
   * actionlint and zizmor.
   * @default - on
   */
  readonly workflowAudit?: ScheduledGateOptions;
  /**
   * OpenSSF Scorecard.
   * @default - on
   */
  readonly scorecard?: ScorecardOptions;
  /**
   * The page of `ray-platform posture`, kept for each run, and the controls that a pull request changes, in its
   * summary.
   * @default - on
   */
  readonly posture?: GateOptions;
  /**
   * Check that refuses edited managed files.
   * @default - on
   */
  readonly syncCheck?: GateOptions;
  /**
   * Plans on pull requests.
   * @default - on
   */
  readonly terraformPlan?: TerraformPlanOptions;
  /**
   * Deployment.
   * @default - on
   */
  readonly terraformApply?: TerraformApplyOptions;
  /**
   * Drift detection.
   * @default - daily
   */
  readonly drift?: DriftOptions;
  /**
   * Copying images into the environments' private registries.
   * @default - weekly
   */
  readonly mirrorImages?: ScheduledWorkflowOptions;
  /**
   * Upgrades of this generator.
   * @default - weekly, with a cool-down of seven days
   */
  readonly upgrade?: UpgradeOptions;
}
