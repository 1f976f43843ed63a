// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dnsSuffixOf, partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import type { PolicyStatement } from "../policy-document";

export interface GithubPermissionsProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly stateBucketArn: string;
  readonly stateKeyArn: string;
}

/** Statements by part; each part is one managed policy. */
export type PermissionParts = Readonly<Record<string, readonly PolicyStatement[]>>;

/**
 * What plan and drift need: reading the state and what the stacks made. No secret's value, no object but the state's, and
 * no write at all, so plan runs with `-lock=false`.
 */
export function readPermissions({ environment, stateBucketArn, stateKeyArn }: GithubPermissionsProps): PermissionParts {
  return {
    state: [
      { Sid: "FindState", Effect: "Allow", Action: "s3:ListBucket", Resource: stateBucketArn },
      {
        Sid: "ReadState",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: `${stateBucketArn}/${environment.name}/*`,
      },
      { Sid: "DecryptState", Effect: "Allow", Action: "kms:Decrypt", Resource: stateKeyArn },
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

/** What apply needs beyond reading: writing the state and changing the platform, bound to this environment's names and tags. */
export function applyPermissions(props: GithubPermissionsProps): PermissionParts {
  const { environment, accountId, stateBucketArn, stateKeyArn } = props;
  const { region, cluster, deployment, images, network } = environment;
  const partition = partitionOf(region);
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const iamArn = (resource: string): string => `arn:${partition}:iam::${accountId}:${resource}`;
  const inRegion = { StringEquals: { "aws:RequestedRegion": region } };
  const ownTags = { StringEquals: { "aws:ResourceTag/Environment": environment.tags.Environment ?? environment.name } };
  const boundary =
    cluster.permissionsBoundaryArn === null
      ? {}
      : { Condition: { StringEquals: { "iam:PermissionsBoundary": cluster.permissionsBoundaryArn } } };

  return {
    state: [
      {
        Sid: "WriteState",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:DeleteObject"],
        Resource: `${stateBucketArn}/${environment.name}/*`,
      },
      { Sid: "EncryptState", Effect: "Allow", Action: "kms:GenerateDataKey", Resource: stateKeyArn },
    ],
    cluster: [
      { Sid: "CreateCluster", Effect: "Allow", Action: "eks:CreateCluster", Resource: "*", Condition: inRegion },
      {
        Sid: "ManageCluster",
        Effect: "Allow",
        Action: "eks:*",
        Resource: [
          arn("eks", `cluster/${cluster.name}`),
          ...["nodegroup", "addon", "access-entry", "podidentityassociation"].map((kind) =>
            arn("eks", `${kind}/${cluster.name}/*`),
          ),
        ],
      },
      {
        Sid: "ManageAutoscalingTags",
        Effect: "Allow",
        Action: ["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"],
        Resource: arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/eks-*"),
      },
      {
        Sid: "CreateKey",
        Effect: "Allow",
        Action: ["kms:CreateKey", "kms:TagResource"],
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestTag/Environment": environment.tags.Environment ?? environment.name } },
      },
      {
        Sid: "ManageKey",
        Effect: "Allow",
        Action: [
          "kms:CreateAlias",
          "kms:CreateGrant",
          "kms:DeleteAlias",
          "kms:EnableKeyRotation",
          "kms:PutKeyPolicy",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:UpdateAlias",
          "kms:UpdateKeyDescription",
        ],
        Resource: arn("kms", "key/*"),
        Condition: ownTags,
      },
      // EKS takes a grant on the key of its secrets in the name of whoever creates the cluster.
      ...(cluster.kmsKeyArn === null
        ? []
        : [
            {
              Sid: "UseGivenKey",
              Effect: "Allow",
              Action: ["kms:CreateGrant", "kms:DescribeKey"],
              Resource: cluster.kmsKeyArn,
            } as const,
          ]),
      {
        Sid: "ManageAlias",
        Effect: "Allow",
        Action: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
        Resource: arn("kms", `alias/${cluster.name}*`),
      },
      {
        Sid: "ManageLogGroups",
        Effect: "Allow",
        Action: [
          "logs:AssociateKmsKey",
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:DisassociateKmsKey",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
        ],
        Resource: [`/aws/eks/${cluster.name}/*`, `/aws/vpc/${cluster.name}/*`].map((name) =>
          arn("logs", `log-group:${name}`),
        ),
      },
      // A flow log to CloudWatch is a log delivery, which has no resource of its own to name.
      {
        Sid: "ManageLogDelivery",
        Effect: "Allow",
        Action: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"],
        Resource: "*",
        Condition: inRegion,
      },
      {
        Sid: "ManageQueues",
        Effect: "Allow",
        Action: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
        Resource: arn("sqs", `${cluster.name}-*`),
      },
      {
        Sid: "ManageRules",
        Effect: "Allow",
        Action: [
          "events:DeleteRule",
          "events:PutRule",
          "events:PutTargets",
          "events:RemoveTargets",
          "events:TagResource",
          "events:UntagResource",
        ],
        Resource: arn("events", `rule/${cluster.name}-*`),
      },
    ],
    network: [
      {
        Sid: "ManageNetwork",
        Effect: "Allow",
        Action: [
          "ec2:AllocateAddress",
          "ec2:AssociateAddress",
          "ec2:AssociateRouteTable",
          "ec2:AttachInternetGateway",
          "ec2:AuthorizeSecurityGroup*",
          "ec2:Create*",
          "ec2:DeleteFlowLogs",
          "ec2:DeleteInternetGateway",
          "ec2:DeleteLaunchTemplate",
          "ec2:DeleteLaunchTemplateVersions",
          "ec2:DeleteNatGateway",
          "ec2:DeletePlacementGroup",
          "ec2:DeleteRoute",
          "ec2:DeleteRouteTable",
          "ec2:DeleteSecurityGroup",
          "ec2:DeleteSubnet",
          "ec2:DeleteTags",
          "ec2:DeleteVpc",
          "ec2:DeleteVpcEndpoints",
          "ec2:DetachInternetGateway",
          "ec2:DisassociateAddress",
          "ec2:DisassociateRouteTable",
          "ec2:ModifyLaunchTemplate",
          "ec2:ModifySecurityGroupRules",
          "ec2:ModifySubnetAttribute",
          "ec2:ModifyVpcAttribute",
          "ec2:ModifyVpcEndpoint",
          "ec2:ReleaseAddress",
          "ec2:ReplaceRoute",
          "ec2:ReplaceRouteTableAssociation",
          "ec2:RevokeSecurityGroup*",
          "ec2:RunInstances",
          "ec2:UpdateSecurityGroupRule*",
        ],
        Resource: "*",
        Condition: inRegion,
      },
      // An interface endpoint's private name is a hosted zone of AWS's, which EC2 associates in the caller's name. Route 53
      // has no region.
      ...(network.mode === "created"
        ? [
            {
              Sid: "NameEndpoints",
              Effect: "Allow",
              Action: "route53:AssociateVPCWithHostedZone",
              Resource: [`arn:${partition}:route53:::hostedzone/*`, arn("ec2", "vpc/*")],
            } as const,
          ]
        : []),
    ],
    identity: [
      {
        Sid: "CreateRoles",
        Effect: "Allow",
        Action: ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
        Resource: iamArn(`role/${cluster.name}-*`),
        ...boundary,
      },
      {
        Sid: "ManageRoles",
        Effect: "Allow",
        Action: [
          "iam:AttachRolePolicy",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:PutRolePolicy",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
        ],
        Resource: iamArn(`role/${cluster.name}-*`),
      },
      {
        Sid: "PassRoles",
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: iamArn(`role/${cluster.name}-*`),
        Condition: {
          StringEquals: {
            "iam:PassedToService": [
              `eks.${dnsSuffixOf(region)}`,
              `ec2.${dnsSuffixOf(region)}`,
              `vpc-flow-logs.${dnsSuffixOf(region)}`,
              // Pod Identity associations of the user's own.
              "pods.eks.amazonaws.com",
            ],
          },
        },
      },
      {
        Sid: "ManageClusterIssuer",
        Effect: "Allow",
        Action: [
          "iam:AddClientIDToOpenIDConnectProvider",
          "iam:CreateOpenIDConnectProvider",
          "iam:DeleteOpenIDConnectProvider",
          "iam:TagOpenIDConnectProvider",
          "iam:UntagOpenIDConnectProvider",
          "iam:UpdateOpenIDConnectProviderThumbprint",
        ],
        Resource: iamArn(`oidc-provider/oidc.eks.${region}.${dnsSuffixOf(region)}/id/*`),
      },
      {
        Sid: "CreateServiceLinkedRoles",
        Effect: "Allow",
        Action: "iam:CreateServiceLinkedRole",
        Resource: iamArn("role/aws-service-role/*"),
        Condition: {
          StringEquals: {
            "iam:AWSServiceName": [
              "eks.amazonaws.com",
              "eks-nodegroup.amazonaws.com",
              "autoscaling.amazonaws.com",
              "spot.amazonaws.com",
            ],
          },
        },
      },
      {
        Sid: "NeverTheDeploymentRoles",
        Effect: "Deny",
        Action: ["iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:PassRole", "iam:Put*", "iam:Update*"],
        Resource: [
          ...[
            deployment.planRoleName,
            deployment.applyRoleName,
            deployment.driftRoleName,
            deployment.mirrorRoleName,
          ].map((name) => iamArn(`role/${name}`)),
          iamArn(`policy/${cluster.name}-github-*`),
        ],
      },
    ],
    images: [
      {
        Sid: "ManageRepositories",
        Effect: "Allow",
        Action: [
          "ecr:CreateRepository",
          "ecr:DeleteLifecyclePolicy",
          "ecr:DeleteRepository",
          "ecr:PutImageScanningConfiguration",
          "ecr:PutImageTagMutability",
          "ecr:PutLifecyclePolicy",
          "ecr:TagResource",
          "ecr:UntagResource",
        ],
        Resource: arn("ecr", `repository/${images.repositoryPrefix}/*`),
      },
      // The grants that ECR took on its own key when the repository was made; without it no repository can be deleted.
      {
        Sid: "RetireRepositoryGrants",
        Effect: "Allow",
        Action: "kms:RetireGrant",
        Resource: arn("kms", "key/*"),
        Condition: { StringEquals: { "kms:ViaService": `ecr.${region}.${dnsSuffixOf(region)}` } },
      },
    ],
  };
}

/** What copying images into the account's repositories needs. */
export function mirrorPermissions({ environment, accountId }: GithubPermissionsProps): PermissionParts {
  const { region, images } = environment;
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
        Resource: `arn:${partitionOf(region)}:ecr:${region}:${accountId}:repository/${images.repositoryPrefix}/*`,
      },
    ],
  };
}
