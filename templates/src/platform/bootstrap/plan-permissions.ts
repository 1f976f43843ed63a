// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { partitionOf } from "../partition";
import type { PolicyStatement } from "../policy-document";
import type { PermissionScope } from "./permission-scope";

/**
 * Where plans wait that were made after a merge (`scripts/plan-store.mjs`). A plan holds what the state holds, and what is applied
 * comes from here: one role adds plans and cannot read them, and another reads them and cannot add any.
 */
function savedPlans(bucketArn: string, environment: EnvironmentConfig): string {
  return `${bucketArn}/_plans/${environment.name}/*`;
}

/** What the drift role has besides reading: it plans what was merged, and saves that. */
export function savePlansPermissions({ stateBucketArn, environment }: PermissionScope): PolicyStatement[] {
  return [
    { Sid: "SavePlans", Effect: "Allow", Action: "s3:PutObject", Resource: savedPlans(stateBucketArn, environment) },
  ];
}

/** What the apply role has besides deploying: it fetches the plan that it applies. */
export function fetchPlansPermissions({ stateBucketArn, environment }: PermissionScope): PolicyStatement[] {
  return [
    { Sid: "FetchPlans", Effect: "Allow", Action: "s3:GetObject", Resource: savedPlans(stateBucketArn, environment) },
  ];
}

/** The bucket's own word, for whatever rights other principals of the account have: nobody else reads plans, or adds any. */
export function plansBucketStatements(
  bucketArn: string,
  environment: EnvironmentConfig,
  accountId: string,
): PolicyStatement[] {
  const { access, deployment, region } = environment;
  const everybodyBut = (role: string): PolicyStatement["Condition"] => ({
    ArnNotEquals: {
      "aws:PrincipalArn": `arn:${partitionOf(region)}:iam::${accountId}:role${access.bootstrapPath}${role}`,
    },
  });
  return deployment.githubOidc
    ? [
        {
          Sid: "PlansAreForTheApplyRole",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: savedPlans(bucketArn, environment),
          Condition: everybodyBut(deployment.applyRoleName),
        },
        {
          Sid: "PlansAreOfTheDriftRole",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: savedPlans(bucketArn, environment),
          Condition: everybodyBut(deployment.driftRoleName),
        },
      ]
    : [];
}
