// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { EnvironmentEntry } from "./environment";
import type { EnvironmentConfig } from "./platform-config";
import { checkBackupBuckets, checkStateBuckets } from "./shared-buckets";

/**
 * Settles what several environments of one AWS account share: an account has one OIDC provider for GitHub, which the first
 * of them makes unless it is given. Names that would collide are issues.
 */
export function settleSharedAccounts(
  environments: readonly EnvironmentConfig[],
  entries: readonly EnvironmentEntry[],
  issues: IssueList,
): EnvironmentConfig[] {
  checkClusterNames(environments, entries, issues);
  checkStateBuckets(environments, entries, issues);
  checkBackupBuckets(environments, entries, issues);
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

/**
 * Clusters of one account may neither share a name, nor have names of which one goes on where the other's resources do: the
 * policy `a-ray-boundary` is of the cluster `a` and of the cluster `a-ray`. An account that is not given may be any.
 */
function checkClusterNames(
  environments: readonly EnvironmentConfig[],
  entries: readonly EnvironmentEntry[],
  issues: IssueList,
): void {
  environments.forEach((environment, index) => {
    for (const other of environments.slice(0, index).filter((one) => mayShareAccount(one, environment))) {
      const isSame = other.cluster.name === environment.cluster.name;
      const others = new Set(namesInAccount(other));
      const shared = namesInAccount(environment).find((name) => others.has(name));
      if (other.name === environment.name || (!isSame && shared === undefined)) {
        continue;
      }
      const { path } = entries[index];
      issues.add(
        path === "" ? "clusterName" : `${path}.clusterName`,
        environment.cluster.name,
        isSame
          ? `environment ${other.name} has the same cluster name, and it names resources that exist once`
          : `environment ${other.name} creates ${shared} too, and an account can have only one`,
        "choose another name for one of them; clusters may share one in different accounts, given by awsAccountId",
      );
      return;
    }
  });
}

function mayShareAccount(one: EnvironmentConfig, other: EnvironmentConfig): boolean {
  return one.accountId === null || other.accountId === null || one.accountId === other.accountId;
}

/** What is named after a cluster and more, in a way that another cluster's name could take; nothing else ends alike. */
function namesInAccount({ access, cluster, pools, region }: EnvironmentConfig): string[] {
  const policies = [access.boundaryName, access.rayBoundary?.name].filter((name) => name !== undefined);
  const templates = pools.map(({ name }) => `${cluster.name}-${name}`);
  return [
    ...policies.map((name) => `the IAM policy ${name}`),
    ...templates.map((name) => `the launch template ${name} of ${region}`),
  ];
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
