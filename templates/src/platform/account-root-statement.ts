// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { partitionOf } from "./partition";
import type { PolicyStatement } from "./policy-document";

/** The account as a principal: whoever of it its own IAM policies allow. */
export function accountRootArn(region: string, accountId: string): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:root`;
}

/** The key policy statement that leaves access to the account's IAM policies. Without it nobody could change the key. */
export function accountRootStatement(region: string, accountId: string): PolicyStatement {
  return {
    Sid: "AccountRoot",
    Effect: "Allow",
    Principal: { AWS: accountRootArn(region, accountId) },
    Action: "kms:*",
    Resource: "*",
  };
}
