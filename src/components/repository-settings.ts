// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GitHubRepository, WorkflowSettings } from "../config/workflow-settings";
import type { PinTable } from "../workflow-rules/pin-table";

/** What `scripts/github-settings.mjs` applies to the repository on GitHub: files alone do not protect a branch. */
export function repositorySettings(
  settings: WorkflowSettings,
  facts: GitHubRepository,
  requiredChecks: readonly string[],
  pins: PinTable,
): string {
  const deployments = facts.environments.map((environment) => ({
    name: environment.githubEnvironment ?? environment.name,
    reviewers: settings.environmentReviewers[environment.name] ?? [],
    preventSelfReview: (settings.environmentReviewers[environment.name] ?? []).length > 0,
    branches: [facts.defaultBranch],
  }));
  const app = {
    name: settings.appEnvironment,
    reviewers: [],
    preventSelfReview: false,
    branches: [facts.defaultBranch],
  };
  const value = {
    repository: facts.owner === "" ? null : `${facts.owner}/${facts.repository}`,
    defaultBranch: facts.defaultBranch,
    requiredChecks,
    environments: [...deployments, app],
    actions: {
      defaultTokenPermissions: "read",
      canApprovePullRequests: false,
      shaPinningRequired: true,
      allowed: Object.keys(pins.actions)
        .sort()
        .flatMap((name) => [`${name}@*`, `${name}/*@*`]),
    },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
