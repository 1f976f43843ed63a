// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { PermissionParts, PermissionScope } from "./permission-scope";

/** What copying images into the account's repositories needs. */
export function mirrorPermissions(scope: PermissionScope): PermissionParts {
  return {
    images: [
      { Sid: "LogInToRegistry", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Sid: "CopyImages",
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ],
        Resource: scope.arn("ecr", `repository/${scope.environment.images.repositoryPrefix}/*`),
      },
    ],
  };
}
