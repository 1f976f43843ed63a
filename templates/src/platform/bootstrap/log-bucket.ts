// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { Construct } from "constructs";
import type { EnvironmentConfig, RayLogsConfig } from "../platform-config";
import { PrivateBucket } from "./private-bucket";

/**
 * Bucket that keeps what Ray's pods log, for as long as the options say. The bootstrap stack makes it, so that it outlives the
 * cluster, and no role that deploys can empty it.
 */
export class LogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, logs: RayLogsConfig, environment: EnvironmentConfig, accountId: string) {
    super(scope, id, {
      environment,
      accountId,
      bucketName: logs.bucket,
      kmsKeyAlias: logs.kmsKeyAlias,
      holds: "Logs of Ray",
      expiry: {
        id: "expire-logs",
        expiration: [{ days: logs.retentionDays }],
        // An object that expires becomes an earlier version of itself; so does one that somebody overwrites.
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
      },
    });
  }
}
