// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PlatformConfig } from "../../config/platform-config";
import { readinessVariable, roleVariable } from "../../config/role-variables";
import { partitionOf } from "../../config/regions";
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
  /** Variables that tell the workflows that an environment is bootstrapped, with what they are set to. */
  readonly setUp: readonly { readonly variable: string; readonly value: string }[];
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
  const roles = environments
    .filter(({ deployment }) => deployment.githubOidc)
    .map(({ name, region, accountId, deployment, access, images }) => ({
      environment: name,
      region,
      accountId,
      variables: [
        { kind: "plan" as const, role: deployment.planRoleName },
        { kind: "apply" as const, role: deployment.applyRoleName },
        { kind: "drift" as const, role: deployment.driftRoleName },
        ...(images.createRepositories ? [{ kind: "mirror" as const, role: deployment.mirrorRoleName }] : []),
      ].map(({ kind, role }) => ({
        variable: roleVariable(kind, name),
        role: `${access.bootstrapPath.slice(1)}${role}`,
      })),
    }));
  return {
    slug: `${owner}/${repository.name}`,
    appName: `${owner}-${repository.name}`
      .replace(/[^A-Za-z0-9-]/g, "-")
      .slice(0, 34)
      .replace(/-+$/, ""),
    immutableSubject: repository.ownerId !== null && repository.repositoryId !== null,
    appCommentsOnPlans: planComment === "app",
    tokenAction: `${TOKEN_ACTION}@${pin?.sha} # ${pin?.version}`,
    roles,
    setUp: roles.flatMap(({ environment, region, accountId, variables }) =>
      accountId === null
        ? variables.map(({ variable, role }) => ({
            variable,
            value: `arn:${partitionOf(region)}:iam::ACCOUNT_ID:role/${role}`,
          }))
        : [{ variable: readinessVariable("plan", { name: environment, accountId }), value: "true" }],
    ),
  };
}
