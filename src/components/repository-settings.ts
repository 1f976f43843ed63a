// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readinessVariable, type RoleKind } from "../config/role-variables";
import type { GitHubRepository } from "../config/github-repository";
import type { WorkflowSettings } from "../config/workflow-settings";
import { PlanComment } from "../options/workflow-options";
import type { PinTable } from "../workflow-rules/pin-table";

/** What `scripts/github-settings.mjs` compares with the repository on GitHub: files alone do not protect a branch. */
export function repositorySettings(
  settings: WorkflowSettings,
  facts: GitHubRepository,
  checks: { readonly required: readonly string[]; readonly turnedOff: readonly string[] },
  pins: PinTable,
): string {
  const deployments = facts.environments.map((environment) => ({
    name: environment.githubEnvironment ?? environment.name,
    reviewers: reviewersOf(settings, environment.name),
    preventSelfReview: reviewersOf(settings, environment.name).length > 0,
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
    visibility: settings.visibility,
    defaultBranch: facts.defaultBranch,
    codeSecurity: settings.codeSecurity,
    codeqlWorkflow: settings.codeSecurity && settings.files.codeql.enabled,
    requiredChecks: checks.required,
    // What a branch must not wait for any more: no workflow reports it.
    checksTurnedOff: checks.turnedOff,
    environments: [...deployments, app],
    actions: {
      defaultTokenPermissions: "read",
      canApprovePullRequests: false,
      shaPinningRequired: true,
      allowed: Object.keys(pins.actions)
        .sort()
        .flatMap((name) => [`${name}@*`, `${name}/*@*`]),
    },
    variables: variables(settings, facts),
    app: usesApp(settings)
      ? { environment: settings.appEnvironment, keyInRepository: settings.planComment === PlanComment.APP }
      : null,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Which workflow assumes which roles. */
const ROLES: Readonly<Record<string, readonly RoleKind[]>> = {
  "terraform-plan": ["plan"],
  "terraform-apply": ["apply", "drift"],
  "drift-detection": ["drift"],
  "mirror-images": ["mirror"],
};

/** Variables of the repository that workflows wait for, and what waits. */
function variables(settings: WorkflowSettings, facts: GitHubRepository): { name: string; until: string }[] {
  const names = new Map<string, string>();
  for (const environment of facts.environments) {
    for (const [workflow, kind] of Object.entries(ROLES).flatMap(([name, kinds]) =>
      kinds.map((one) => [name, one] as const),
    )) {
      if (settings.files[workflow].enabled && (kind !== "mirror" || environment.mirrored)) {
        const name = readinessVariable(kind, environment);
        names.set(name, `What plans and deploys ${environment.name} waits until it is bootstrapped.`);
      }
    }
  }
  if (usesApp(settings)) {
    names.set("APP_ID", "What opens issues and pull requests waits until the GitHub App is registered.");
  }
  return [...names].map(([name, until]) => ({ name, until }));
}

function usesApp({ files, planComment }: WorkflowSettings): boolean {
  const comments = files["terraform-plan"].enabled && planComment === PlanComment.APP;
  return files["drift-detection"].enabled || files.upgrade.enabled || comments;
}

/** A name that anybody chooses, such as "constructor", finds nothing but what the options say. */
function reviewersOf({ environmentReviewers }: WorkflowSettings, name: string): readonly string[] {
  return Object.hasOwn(environmentReviewers, name) ? (environmentReviewers[name] ?? []) : [];
}
