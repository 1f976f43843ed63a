// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { partitionOf } from "./partition";
import type { PolicyStatement } from "./policy-document";

/** The key policy statement that leaves access to the account's IAM policies. Without it nobody could change the key. */
export function accountRootStatement(region: string, accountId: string): PolicyStatement {
  return {
    Sid: "AccountRoot",
    Effect: "Allow",
    Principal: { AWS: `arn:${partitionOf(region)}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}
