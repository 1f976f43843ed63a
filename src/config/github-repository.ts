// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "./package-data";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import type { GitHubEnvironment, GitHubRepository } from "./workflow-settings";

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
