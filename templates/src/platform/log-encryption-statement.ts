// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dnsSuffixOf, partitionOf } from "./partition";
import type { PolicyStatement } from "./policy-document";

/** The key policy statement that lets CloudWatch Logs use a key for one log group, named by the encryption context. */
export function logEncryptionStatement(region: string, accountId: string, logGroupName: string): PolicyStatement {
  return {
    Sid: "CloudWatchLogs",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.${dnsSuffixOf(region)}` },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    Resource: "*",
    Condition: {
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${logGroupName}`,
      },
    },
  };
}
