// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { EnvironmentEntry } from "./environment";
import type { EnvironmentConfig } from "./platform-config";

/**
 * Settles what several environments of one AWS account share: the account has one OIDC provider for GitHub, and one ECR
 * repository of a name in a region, so that only the first environment makes them. Names that would collide are issues.
 */
export function settleSharedAccounts(environments: readonly EnvironmentConfig[], entries: readonly EnvironmentEntry[], issues: IssueList): EnvironmentConfig[] {
  checkUnique(environments, entries, "cluster name", ({ accountId, cluster }) => `${accountId} ${cluster.name}`, ({ cluster }) => cluster.name, "clusterName", issues);
  checkUnique(environments, entries, "state bucket", ({ state }) => state.bucket, ({ state }) => state.bucket, "state.bucket", issues);
  const repositories = new Set<string>();
  return environments.map((environment, index) => {
    const { accountId, region, images, deployment } = environment;
    if (accountId === null) {
      return environment;
    }
    const inAccount = environments.filter((other) => other.accountId === accountId);
    const given = inAccount.map((other) => other.deployment.oidcProviderArn).find((arn) => arn !== null);
    const isFirst = inAccount[0] === environments[index];
    const made = isFirst ? null : `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`;
    const key = `${accountId} ${region} ${images.repositoryPrefix}`;
    const createRepositories = images.createRepositories && !repositories.has(key);
    repositories.add(key);
    return {
      ...environment,
      deployment: { ...deployment, oidcProviderArn: deployment.oidcProviderArn ?? given ?? made },
      images: { ...images, createRepositories },
    };
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
      issues.add(path === "" ? option : `${path}.${option}`, value(environment), `environment ${same} has the same ${what}, and it names resources that exist once`, "choose another name for one of them; clusters may share one in different accounts, given by awsAccountId");
    }
    first.set(key(environment), same ?? environment.name);
  });
}
