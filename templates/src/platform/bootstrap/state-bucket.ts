// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { Construct } from "constructs";
import type { EnvironmentConfig } from "../platform-config";
import { PrivateBucket } from "./private-bucket";

/** Bucket of Terraform's state (controls STATE-01, TLS-01). */
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
    });
  }
}
