// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { accountRootArn } from "../account-root-statement";
import type { EnvironmentConfig, PersonRoleConfig } from "../platform-config";
import { policyDocument } from "../policy-document";

/**
 * Trust policy of a role for people. The accounts are trusted, and a condition says who of them, rather than the principals
 * themselves: a role that is deleted and made again stays admitted, and the hash in the name of a permission set's role need
 * not be known.
 */
export function peopleTrustPolicy(
  { region, access }: EnvironmentConfig,
  { principalArns }: PersonRoleConfig,
  accountId: string,
): string {
  const accounts = principalArns.length === 0 ? [accountId] : [...new Set(principalArns.map(accountOf))];
  const conditions: Record<string, Record<string, string | readonly string[]>> = {};
  if (principalArns.length > 0) {
    conditions.ArnLike = { "aws:PrincipalArn": principalArns };
  }
  if (access.requireMfa) {
    conditions.Bool = { "aws:MultiFactorAuthPresent": "true" };
  }
  return policyDocument([
    {
      Sid: "People",
      Effect: "Allow",
      Principal: { AWS: accounts.map((account) => accountRootArn(region, account)) },
      Action: "sts:AssumeRole",
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
    },
  ]);
}

function accountOf(arn: string): string {
  return arn.split(":")[4] as string;
}
