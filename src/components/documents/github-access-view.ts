// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PlatformConfig } from "../../config/platform-config";
import { readPinTable } from "../../workflow-rules/pin-table";

/** A variable of the repository that holds a role's ARN. */
export interface RoleVariable {
  readonly variable: string;
  readonly role: string;
}

/** What document templates can say about access to GitHub and from GitHub to AWS. */
export interface GitHubAccessView {
  /** `owner/name`, with a placeholder for an owner that is not known. */
  readonly slug: string;
  /** Name of the App; unique on GitHub and at most 34 characters long. */
  readonly appName: string;
  /** Whether the roles trust the subject with the numeric ids. */
  readonly immutableSubject: boolean;
  /** Whether the job that comments plans uses the App's key. */
  readonly appCommentsOnPlans: boolean;
  /** Pinned reference of the action that mints tokens, with its version as a comment. */
  readonly tokenAction: string;
  /** How workflows find the roles of each environment. */
  readonly roles: readonly {
    readonly environment: string;
    readonly accountId: string | null;
    readonly variables: readonly RoleVariable[];
  }[];
}

const TOKEN_ACTION = "actions/create-github-app-token";

/** Gathers the view. */
export function githubAccessView(
  { repository, environments }: PlatformConfig,
  planComment: string | undefined,
): GitHubAccessView {
  const owner = repository.owner === "" ? "OWNER" : repository.owner;
  const pin = readPinTable().actions[TOKEN_ACTION];
  return {
    slug: `${owner}/${repository.name}`,
    appName: `${owner}-${repository.name}`
      .replace(/[^A-Za-z0-9-]/g, "-")
      .slice(0, 34)
      .replace(/-+$/, ""),
    immutableSubject: repository.ownerId !== null && repository.repositoryId !== null,
    appCommentsOnPlans: planComment === "app",
    tokenAction: `${TOKEN_ACTION}@${pin?.sha} # ${pin?.version}`,
    roles: environments
      .filter(({ deployment }) => deployment.githubOidc)
      .map(({ name, accountId, deployment, access, images }) => ({
        environment: name,
        accountId,
        variables: [
          { kind: "PLAN", role: deployment.planRoleName },
          { kind: "APPLY", role: deployment.applyRoleName },
          { kind: "DRIFT", role: deployment.driftRoleName },
          ...(images.createRepositories ? [{ kind: "MIRROR", role: deployment.mirrorRoleName }] : []),
        ].map(({ kind, role }) => ({
          variable: `AWS_${kind}_ROLE_ARN_${name.toUpperCase().replace(/-/g, "_")}`,
          role: `${access.bootstrapPath.slice(1)}${role}`,
        })),
      })),
  };
}
