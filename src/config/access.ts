// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { AccessOptions } from "../options/access-options";
import type { IssueList } from "../options/option-issues";
import type { MergedSettings } from "./merged-settings";
import { checkPattern } from "./patterns";
import type { AccessConfig, PersonRoleConfig, WorkloadStatementConfig } from "./platform-config";

/** IAM bounds a trust policy to 2,048 characters, of which some 350 are the rest of it. */
const PRINCIPALS_LENGTH = 1600;

/** A boundary has at most 6,144 characters, and each bucket takes up to 160 of them. */
const MOST_POD_BUCKETS = 4;

/** The roles for people: whom each is for, and the option that names who may assume it. */
const PEOPLE = [
  { kind: "administrator", option: "administratorPrincipalArns" },
  { kind: "ray-user", option: "rayUserPrincipalArns" },
  { kind: "viewer", option: "viewerPrincipalArns" },
] as const satisfies readonly { readonly kind: PersonRoleConfig["kind"]; readonly option: keyof AccessOptions }[];

/** What the resolution of an environment's access needs to know of the environment. */
export interface AccessContext {
  readonly clusterName: string;
  /** Whether GitHub Actions has a role that deploys, and so an access entry. */
  readonly githubOidc: boolean;
  /** What Ray's pods may do at most. */
  readonly rayStatements: readonly WorkloadStatementConfig[];
  /** Bucket of Ray's logs, which the collector writes to. */
  readonly logBucket: string | undefined;
}

/** Resolves who may enter an environment. A slash ends the environment's IAM paths: no name is a prefix of another's. */
export function resolveAccess(
  merged: MergedSettings,
  { clusterName, githubOidc, rayStatements, logBucket }: AccessContext,
  issues: IssueList,
): AccessConfig {
  const { access = {}, cluster = {}, backupBucket } = merged.settings;
  const createRoles = access.createRoles ?? true;
  const at = (field: string): string => merged.path("access", field);
  for (const { option } of PEOPLE) {
    const arns = access[option] ?? [];
    arns.forEach((arn, index) => checkPattern(arn, "personArn", at(`${option}[${index}]`), issues));
    if (access[option]?.length === 0) {
      issues.add(
        at(option),
        [],
        "an empty list would admit nobody",
        "remove it to leave it to the account's IAM policies",
      );
    }
    if (arns.join().length > PRINCIPALS_LENGTH) {
      issues.add(
        at(option),
        arns.length,
        `all ARNs together have at most ${PRINCIPALS_LENGTH} characters: IAM bounds the size of a trust policy`,
        "name one role that all of them may assume",
      );
    }
    if (arns.length > 0 && !createRoles) {
      issues.add(
        at(option),
        arns,
        "names who assumes a role that access.createRoles turns off",
        "remove one of the two",
      );
    }
  }
  if (!createRoles && !githubOidc && (cluster.adminPrincipalArns ?? []).length === 0) {
    issues.add(
      at("createRoles"),
      false,
      "somebody must be able to enter the cluster, and this takes the last access entry of an administrator away",
      "remove it, or name administrators in cluster.adminPrincipalArns, or a repository in githubOwner",
    );
  }
  if ((access.podBuckets ?? []).length > MOST_POD_BUCKETS) {
    issues.add(
      at("podBuckets"),
      access.podBuckets?.length,
      `at most ${MOST_POD_BUCKETS} buckets: IAM bounds the size of the boundary`,
      "set your own boundary in cluster.permissionsBoundaryArn",
    );
  }
  (access.podBuckets ?? []).forEach((bucket, index) =>
    checkPattern(bucket, "bucket", at(`podBuckets[${index}]`), issues),
  );
  return {
    bootstrapPath: `/${clusterName}/bootstrap/`,
    stacksPath: `/${clusterName}/stacks/`,
    boundaryName: `${clusterName}-boundary`,
    rayBoundary:
      rayStatements.length > 0 && cluster.permissionsBoundaryArn === undefined
        ? { name: `${clusterName}-ray-boundary`, statements: rayStatements }
        : null,
    people: createRoles
      ? PEOPLE.map(({ kind, option }) => ({
          kind,
          roleName: `${clusterName}-${kind}`,
          principalArns: access[option] ?? [],
        }))
      : [],
    requireMfa: access.requireMfa ?? false,
    podBuckets: [
      ...new Set([...(access.podBuckets ?? []), ...[backupBucket, logBucket].filter((one) => one !== undefined)]),
    ].sort(),
  };
}
