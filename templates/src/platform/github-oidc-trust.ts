// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { PlatformConfig, RepositoryConfig } from "./platform-config";

/** What the trust policies of GitHub's roles are made of. */
export interface GithubTrust {
  /** ARN of the account's provider for token.actions.githubusercontent.com. */
  readonly providerArn: string;
  readonly repository: RepositoryConfig;
  /** GitHub environment that the apply role is bound to. */
  readonly githubEnvironment: string;
  /** Region of the platform; it decides the audience. */
  readonly region: string;
}

const issuer = "token.actions.githubusercontent.com";

/** Audience of the token: what `aws-actions/configure-aws-credentials` asks GitHub for in a partition. */
export function githubAudience(region: string): string {
  return region.startsWith("cn-") ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
}

/**
 * First part of the token's `sub`. Repositories created after 15 July 2026, renamed or transferred have the immutable form
 * with the numeric ids, which a later owner of the same name does not get; older ones have the form without.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
function subjectPrefix({ owner, name, ownerId, repositoryId }: RepositoryConfig): string {
  return ownerId !== null && repositoryId !== null
    ? `repo:${owner}@${ownerId}/${name}@${repositoryId}`
    : `repo:${owner}/${name}`;
}

function trustPolicy({ providerArn, repository, region }: GithubTrust, context: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: githubAudience(region),
            [`${issuer}:sub`]: `${subjectPrefix(repository)}:${context}`,
          },
        },
      },
    ],
  };
}

/** Pull requests of this repository. */
export function planTrustPolicy(trust: GithubTrust): object {
  return trustPolicy(trust, "pull_request");
}

/** Jobs of this repository that run in the GitHub environment. */
export function applyTrustPolicy(trust: GithubTrust): object {
  return trustPolicy(trust, `environment:${trust.githubEnvironment}`);
}

/** Jobs of this repository on the default branch. */
export function driftTrustPolicy(trust: GithubTrust): object {
  return trustPolicy(trust, `ref:refs/heads/${trust.repository.defaultBranch}`);
}

/**
 * What to ask GitHub for, where nobody did: without the ids, a newer repository's jobs get no role, and an older one's trust goes
 * to whoever registers its name next.
 */
export function trustWarnings({ repository, environments }: PlatformConfig): string[] {
  const isNamed = repository.ownerId === null || repository.repositoryId === null;
  return isNamed && environments.some(({ deployment }) => deployment.githubOidc)
    ? [
        "AWS roles trust the repository by its name. One made, renamed or transferred after 15 July 2026 is known by its ids, and " +
          "gets no role without them. Ask for both, and set githubOwnerId and githubRepositoryId: " +
          `gh api repos/${repository.owner}/${repository.name} --jq '{githubOwnerId: (.owner.id | tostring), githubRepositoryId: (.id | tostring)}'`,
      ]
    : [];
}
