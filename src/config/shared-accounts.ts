// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { EnvironmentEntry } from "./environment";
import type { EnvironmentConfig } from "./platform-config";

/**
 * Settles what several environments of one AWS account share: an account has one OIDC provider for GitHub, which the first
 * of them makes unless it is given. Names that would collide are issues.
 */
export function settleSharedAccounts(
  environments: readonly EnvironmentConfig[],
  entries: readonly EnvironmentEntry[],
  issues: IssueList,
): EnvironmentConfig[] {
  checkUnique(
    environments,
    entries,
    "cluster name",
    ({ accountId, cluster }) => `${accountId} ${cluster.name}`,
    ({ cluster }) => cluster.name,
    "clusterName",
    issues,
  );
  checkUnique(
    environments,
    entries,
    "state bucket",
    ({ state }) => state.bucket,
    ({ state }) => state.bucket,
    "state.bucket",
    issues,
  );
  checkUnique(
    environments,
    entries,
    "GitHub environment",
    // GitHub compares these names without regard to case.
    ({ deployment }) => deployment.githubEnvironment.toLowerCase(),
    ({ deployment }) => deployment.githubEnvironment,
    "githubEnvironment",
    issues,
  );
  const providers = new Map<string, string>();
  for (const { accountId, deployment } of environments) {
    if (accountId !== null && deployment.oidcProviderArn !== null) {
      providers.set(accountId, deployment.oidcProviderArn);
    }
  }
  return environments.map((environment) => {
    const { accountId, deployment } = environment;
    if (accountId === null || deployment.oidcProviderArn !== null) {
      return environment;
    }
    const oidcProviderArn = providers.get(accountId) ?? null;
    providers.set(
      accountId,
      oidcProviderArn ?? `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`,
    );
    return { ...environment, deployment: { ...deployment, oidcProviderArn } };
  });
}

function checkUnique(
  environments: readonly EnvironmentConfig[],
  entries: readonly EnvironmentEntry[],
  what: string,
  key: (environment: EnvironmentConfig) => string,
  value: (environment: EnvironmentConfig) => string,
  option: string,
  issues: IssueList,
): void {
  const first = new Map<string, string>();
  environments.forEach((environment, index) => {
    const same = first.get(key(environment));
    if (same !== undefined && same !== environment.name) {
      const path = entries[index].path;
      issues.add(
        path === "" ? option : `${path}.${option}`,
        value(environment),
        `environment ${same} has the same ${what}, and it names resources that exist once`,
        "choose another name for one of them; clusters may share one in different accounts, given by awsAccountId",
      );
    }
    first.set(key(environment), same ?? environment.name);
  });
}
