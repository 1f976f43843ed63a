// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { bootstrapStateKey } from "../bootstrap-state-key";
import type { PermissionParts, PermissionScope } from "./permission-scope";

/**
 * What plan and drift need: reading the state and what the stacks made. No secret's value, no object but the state's, and
 * no write at all, so plan runs with `-lock=false`. A data key encrypts what Terraform says when it fails, and writes nothing.
 */
export function readPermissions({ environment, stateBucketArn, stateKeyArn, logs }: PermissionScope): PermissionParts {
  return {
    state: [
      { Sid: "FindState", Effect: "Allow", Action: "s3:ListBucket", Resource: stateBucketArn },
      {
        Sid: "ReadState",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: [
          `${stateBucketArn}/${environment.name}/*`,
          `${stateBucketArn}/${bootstrapStateKey(environment.name)}`,
        ],
      },
      // Drift detection compares the buckets themselves too.
      {
        Sid: "DescribeStateBucket",
        Effect: "Allow",
        Action: [
          "s3:GetAccelerateConfiguration",
          "s3:GetBucket*",
          "s3:GetEncryptionConfiguration",
          "s3:GetLifecycleConfiguration",
          "s3:GetReplicationConfiguration",
        ],
        Resource: logs === undefined ? stateBucketArn : [stateBucketArn, logs.bucketArn],
      },
      {
        Sid: "DecryptState",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: stateKeyArn,
      },
    ],
    platform: [
      {
        Sid: "DescribePlatform",
        Effect: "Allow",
        Action: [
          "autoscaling:Describe*",
          "ec2:Describe*",
          "ecr:DescribeRepositories",
          "ecr:GetLifecyclePolicy",
          "ecr:GetRepositoryPolicy",
          "ecr:ListTagsForResource",
          "eks:Describe*",
          "eks:List*",
          "events:DescribeRule",
          "events:ListTagsForResource",
          "events:ListTargetsByRule",
          "iam:GetOpenIDConnectProvider",
          "iam:GetPolicy",
          "iam:GetPolicyVersion",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListAttachedRolePolicies",
          "iam:ListInstanceProfilesForRole",
          "iam:ListOpenIDConnectProviders",
          "iam:ListPolicyVersions",
          "iam:ListRolePolicies",
          "kms:DescribeKey",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:ListAliases",
          "kms:ListResourceTags",
          "logs:DescribeLogGroups",
          "logs:ListTagsForResource",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
          "sqs:ListQueueTags",
        ],
        Resource: "*",
      },
    ],
  };
}
