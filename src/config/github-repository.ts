// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "./package-data";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";

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

/** What the workflows need to know of a platform. */
export function githubRepository(
  config: PlatformConfig,
  copyrightHolder: string,
  formerHolder: string | undefined,
): GitHubRepository {
  const { owner, name, ownerId, repositoryId, defaultBranch } = config.repository;
  return {
    owner,
    repository: name,
    ownerId: ownerId ?? undefined,
    repositoryId: repositoryId ?? undefined,
    defaultBranch,
    environments: config.environments.map(githubEnvironment),
    nodeVersion: packageData<{ readonly node: string }>("toolchain").node,
    terraformVersion: config.terraformVersion,
    engine: config.engine,
    copyrightHolder,
    formerHolder,
  };
}

function githubEnvironment(environment: EnvironmentConfig): GitHubEnvironment {
  const { deployment, access } = environment;
  const withPath = (name: string): string => `${access.bootstrapPath.slice(1)}${name}`;
  return {
    name: environment.name,
    githubEnvironment: deployment.githubEnvironment,
    region: environment.region,
    accountId: environment.accountId ?? undefined,
    roles: {
      plan: withPath(deployment.planRoleName),
      apply: withPath(deployment.applyRoleName),
      drift: withPath(deployment.driftRoleName),
      mirror: withPath(deployment.mirrorRoleName),
    },
    stacks: [...(environment.network.mode === "created" ? ["network"] : []), "cluster", "workloads"],
    production: environment.production,
    mirrored: environment.images.createRepositories,
  };
}
