// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Roles of GitHub Actions in an environment's account. */
export const ROLE_KINDS = ["plan", "apply", "drift", "mirror"] as const;
export type RoleKind = (typeof ROLE_KINDS)[number];

/** Variable of the repository that holds a role's ARN where the account is not known. */
export function roleVariable(kind: RoleKind, environment: string): string {
  return `AWS_${kind.toUpperCase()}_ROLE_ARN_${inVariable(environment)}`;
}

/**
 * Variable of the repository that says that an environment is bootstrapped, so that its role can be assumed: the one with
 * the role's ARN, or where workflows know the ARN themselves, one that a person sets.
 */
export function readinessVariable(
  kind: RoleKind,
  environment: { readonly name: string; readonly accountId?: string | null },
): string {
  return environment.accountId ? `BOOTSTRAPPED_${inVariable(environment.name)}` : roleVariable(kind, environment.name);
}

/** An environment's name as part of a variable's. */
export function inVariable(environment: string): string {
  return environment.toUpperCase().replace(/-/g, "_");
}
