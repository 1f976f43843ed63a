// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { DocumentOptions } from "./document-options";
import type { Engine } from "./engine";
import type { EnvironmentOptions } from "./environment-options";
import type { EnvironmentSettings } from "./environment-settings";
import type { PolicyLimitOptions } from "./policy-limit-options";
import type { WorkflowOptions } from "./workflow-options";

/** Options of a generated platform repository. Everything has a default that gives a working, secure platform. */
export interface RayPlatformProjectOptions extends EnvironmentSettings {
  /**
   * Name of the project: lower-case letters, digits and hyphens, starting with a letter, at most 30 characters.
   * Prefix of AWS names.
   * @default $BASEDIR
   */
  readonly name: string;
  /**
   * Directory to generate into, relative to the working directory.
   * @default "."
   */
  readonly outdir?: string;
  /**
   * GitHub organization or user that owns the repository. Without it there are no IAM roles for GitHub Actions. License
   * headers name it too, unless `documents.copyrightHolder` is set.
   * @default - none
   * @featured
   */
  readonly githubOwner?: string;
  /**
   * Name of the GitHub repository.
   * @default - `name`
   * @featured
   */
  readonly githubRepository?: string;
  /**
   * Numeric id of the owner (`gh api users/OWNER --jq .id`). Together with `githubRepositoryId` the IAM trust policies
   * use the immutable subject that GitHub gives to repositories created after 15 July 2026.
   * @default - the trust policies name owner and repository only
   * @featured
   */
  readonly githubOwnerId?: string;
  /**
   * Numeric id of the repository (`gh api repos/OWNER/REPO --jq .id`).
   * @default - none
   * @featured
   */
  readonly githubRepositoryId?: string;
  /**
   * Branch that deployments come from.
   * @default "main"
   */
  readonly defaultBranch?: string;
  /**
   * Names of the environments, if they need no settings of their own. Not together with `environments`.
   * @default ["prod"]
   * @featured
   */
  readonly environmentNames?: string[];
  /**
   * Environments with their own settings. Not together with `environmentNames`. Some 200 fit into one repository if
   * each has an `awsAccountId`. Without it, workflows wait for up to four variables for each, and GitHub keeps 500 of a
   * repository.
   * @default - one for each of `environmentNames`
   */
  readonly environments?: EnvironmentOptions[];
  /**
   * Name of the EKS cluster; the environment's name is appended.
   * @default - `name`
   * @featured
   */
  readonly clusterName?: string;
  /**
   * Library that runs the stacks.
   * @default Engine.CDKTF
   * @featured
   */
  readonly engine?: Engine;
  /**
   * AWS regions that the policies allow.
   * @default ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]
   * @featured
   */
  readonly allowedRegions?: string[];
  /**
   * Limits that policies, stacks and options enforce.
   * @default - the limits of the security document
   */
  readonly policyLimits?: PolicyLimitOptions;
  /**
   * CI workflows and the gates in them.
   * @default - every gate on
   */
  readonly workflows?: WorkflowOptions;
  /**
   * What the documents say.
   * @default - derived from the other options
   */
  readonly documents?: DocumentOptions;
  /**
   * Managed files that you take over: paths, or patterns such as `docs/**`. They are no longer written; changes made
   * upstream are still reported.
   * @default - none
   */
  readonly release?: string[];
  /**
   * Additional runtime dependencies of the stacks, each with an exact version or range: `name@version`.
   * @default - none
   */
  readonly deps?: string[];
  /**
   * Additional development dependencies: `name@version`. Naming `ray-platform` here sets where it is installed from.
   * @default - none
   */
  readonly devDeps?: string[];
  /**
   * Exact version of projen that the repository uses.
   * @default - the newest one that this version of ray-platform was tested with
   */
  readonly projenVersion?: string;
}
