// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { Construct } from "constructs";
import type { EnvironmentConfig } from "../platform-config";
import { plansBucketStatements } from "./plan-permissions";
import { PrivateBucket } from "./private-bucket";

/** Days that a plan waits to be applied. */
const PLANS_KEPT = 30;

/** Bucket of Terraform's state, and of plans that wait to be applied (controls STATE-01, TLS-01). */
export class StateBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, environment: EnvironmentConfig, accountId: string) {
    const { bucket, kmsKeyAlias } = environment.state;
    super(scope, id, {
      environment,
      accountId,
      bucketName: bucket,
      kmsKeyAlias,
      holds: "Terraform state",
      expiry: {
        id: "expire-old-versions",
        noncurrentVersionExpiration: [{ noncurrentDays: 90, newerNoncurrentVersions: 20 }],
      },
      furtherExpiry: environment.deployment.githubOidc
        ? [
            {
              id: "expire-plans",
              status: "Enabled",
              filter: [{ prefix: "_plans/" }],
              expiration: [{ days: PLANS_KEPT }],
              noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
            },
          ]
        : [],
      statements: (bucketArn) => plansBucketStatements(bucketArn, environment, accountId),
    });
  }
}
