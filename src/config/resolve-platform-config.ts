// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Engine } from "../options/engine";
import type { IssueList } from "../options/option-issues";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { type EnvironmentEntry, resolveEnvironment } from "./environment";
import { checkLimits, resolveLimits } from "./limits";
import { packageData } from "./package-data";
import { checkPattern } from "./patterns";
import type { PlatformConfig, RepositoryConfig } from "./platform-config";
import { settleSharedAccounts } from "./shared-accounts";

/**
 * Resolves options into the configuration that the stacks read.
 *
 * @param issues receives everything that is wrong; if it has any issue afterwards, the result is meaningless
 */
export function resolveInto(options: RayPlatformProjectOptions, issues: IssueList): PlatformConfig {
  checkPattern(options.name, "projectName", "name", issues);
  checkPattern(options.projenVersion, "version", "projenVersion", issues);
  const limits = resolveLimits(options, issues);
  const repository = resolveRepository(options, issues);
  const environments = listEnvironments(options, issues);
  const names = new Set<string>();
  for (const { environment, namePath } of environments) {
    if (names.has(environment.name)) {
      issues.add(namePath, environment.name, "names of environments are unique", "choose another name");
    }
    names.add(environment.name);
  }
  checkStackNames(environments, issues);
  const context = { project: options, repository, limits };
  const resolved = environments.map((entry) => resolveEnvironment(entry, context, issues));
  if (issues.issues.length === 0) {
    resolved.forEach((environment) => checkLimits(environment, limits, issues));
  }
  return {
    schemaVersion: 1,
    name: options.name,
    engine: options.engine ?? Engine.CDKTF,
    terraformVersion: packageData<{ readonly terraform: string }>("toolchain").terraform,
    repository: repository ?? {
      owner: "",
      name: options.githubRepository ?? options.name,
      ownerId: null,
      repositoryId: null,
      defaultBranch: options.defaultBranch ?? "main",
    },
    environments: settleSharedAccounts(resolved, environments, issues),
    limits,
  };
}

/** What a name of an environment may not end with behind another's: `prod-workloads` would be a stack of `prod`. */
const STACKS = ["bootstrap", "network", "cluster", "workloads"];

function checkStackNames(entries: readonly EnvironmentEntry[], issues: IssueList): void {
  for (const { environment, namePath } of entries) {
    const other = entries.find(({ environment: { name } }) =>
      STACKS.some((stack) => environment.name === `${name}-${stack}`),
    );
    if (other !== undefined) {
      issues.add(
        namePath,
        environment.name,
        `environment ${other.environment.name} has a stack, jobs and files of that name`,
        "choose a name that is not another environment's name followed by the name of a stack",
      );
    }
  }
}

function listEnvironments(options: RayPlatformProjectOptions, issues: IssueList): EnvironmentEntry[] {
  if (options.environments !== undefined && options.environmentNames !== undefined) {
    issues.add("environmentNames", options.environmentNames, "not together with environments", "keep one of the two");
  }
  if (options.environments !== undefined && options.environments.length > 0) {
    return options.environments.map((environment, index) => ({
      environment,
      path: `environments[${index}]`,
      namePath: `environments[${index}].name`,
    }));
  }
  const names = options.environmentNames ?? ["prod"];
  if (names.length === 0 || options.environments?.length === 0) {
    issues.add(
      options.environments ? "environments" : "environmentNames",
      [],
      "at least one environment is required",
      "name one, or remove the option",
    );
  }
  return names.map((name, index) => ({ environment: { name }, path: "", namePath: `environmentNames[${index}]` }));
}

function resolveRepository(options: RayPlatformProjectOptions, issues: IssueList): RepositoryConfig | null {
  checkPattern(options.githubOwner, "githubOwner", "githubOwner", issues);
  checkPattern(options.githubRepository, "githubRepository", "githubRepository", issues);
  checkPattern(options.githubOwnerId, "githubId", "githubOwnerId", issues);
  checkPattern(options.githubRepositoryId, "githubId", "githubRepositoryId", issues);
  checkPattern(options.defaultBranch, "branch", "defaultBranch", issues);
  if ((options.githubOwnerId === undefined) !== (options.githubRepositoryId === undefined)) {
    const missing = options.githubOwnerId === undefined ? "githubOwnerId" : "githubRepositoryId";
    issues.add(missing, undefined, "the immutable OIDC subject needs both ids", `add ${missing}, or remove the other`);
  }
  if (options.githubOwner === undefined) {
    if (options.githubOwnerId !== undefined) {
      issues.add("githubOwnerId", options.githubOwnerId, "belongs to githubOwner", "add githubOwner");
    }
    return null;
  }
  return {
    owner: options.githubOwner,
    name: options.githubRepository ?? options.name,
    ownerId: options.githubOwnerId ?? null,
    repositoryId: options.githubRepositoryId ?? null,
    defaultBranch: options.defaultBranch ?? "main",
  };
}
