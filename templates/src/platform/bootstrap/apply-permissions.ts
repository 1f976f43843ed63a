// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { interruptionQueueNames, interruptionRuleNames } from "../cluster/interruption-names";
import { becomesOwn, clusterTag, isOwn } from "../cluster-tag";
import { keyAlias } from "../key-alias";
import { clusterRolePolicies, nodeRolePolicies } from "../managed-policies";
import { dnsSuffixOf } from "../partition";
import type { PolicyStatement } from "../policy-document";
import { ec2Permissions } from "./ec2-permissions";
import type { PermissionParts, PermissionScope } from "./permission-scope";

/**
 * What apply needs beyond reading: writing the state and changing the platform. Bound to this environment by IAM path, by
 * names that a slash ends, or by its tag. docs/security-architecture.md lists what IAM cannot bind.
 */
export function applyPermissions(scope: PermissionScope): PermissionParts {
  return {
    state: statePermissions(scope),
    cluster: [...eksPermissions(scope), ...queuePermissions(scope), ...imagePermissions(scope)],
    encryption: [...keyPermissions(scope), ...logPermissions(scope)],
    ...ec2Permissions(scope),
    identity: identityPermissions(scope),
  };
}

function statePermissions({ environment, stateBucketArn }: PermissionScope): PolicyStatement[] {
  return [
    {
      Sid: "WriteState",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:DeleteObject"],
      Resource: `${stateBucketArn}/${environment.name}/*`,
    },
  ];
}

function eksPermissions(scope: PermissionScope): PolicyStatement[] {
  const { cluster } = scope.environment;
  return [
    // A cluster that does not exist has no ARN to name; what is done with it afterwards needs its name.
    {
      Sid: "CreateCluster",
      Effect: "Allow",
      Action: "eks:CreateCluster",
      Resource: "*",
      Condition: becomesOwn(scope.environment),
    },
    {
      Sid: "ManageCluster",
      Effect: "Allow",
      Action: "eks:*",
      Resource: [
        scope.arn("eks", `cluster/${cluster.name}`),
        ...["nodegroup", "addon", "access-entry", "podidentityassociation"].map((kind) =>
          scope.arn("eks", `${kind}/${cluster.name}/*`),
        ),
      ],
    },
    {
      Sid: "ManageAutoscalingTags",
      Effect: "Allow",
      Action: ["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"],
      Resource: scope.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/eks-*"),
      // EKS sets it on the groups that it makes for a node group.
      Condition: { StringEquals: { "aws:ResourceTag/eks:cluster-name": cluster.name } },
    },
  ];
}

function queuePermissions(scope: PermissionScope): PolicyStatement[] {
  const { cluster } = scope.environment;
  return [
    {
      Sid: "ManageQueues",
      Effect: "Allow",
      Action: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
      Resource: interruptionQueueNames(cluster.name).map((name) => scope.arn("sqs", name)),
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
      Resource: interruptionRuleNames(cluster.name).map((name) => scope.arn("events", `rule/${name}`)),
    },
  ];
}

function imagePermissions(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  const repositories = scope.arn("ecr", `repository/${environment.images.repositoryPrefix}/*`);
  return [
    {
      Sid: "CreateRepositories",
      Effect: "Allow",
      Action: ["ecr:CreateRepository", "ecr:TagResource"],
      Resource: repositories,
      Condition: becomesOwn(environment),
    },
    {
      Sid: "ManageRepositories",
      Effect: "Allow",
      Action: [
        "ecr:DeleteLifecyclePolicy",
        "ecr:DeleteRepository",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:UntagResource",
      ],
      Resource: repositories,
      Condition: isOwn(environment),
    },
    // The grants that ECR took on its own key when the repository was made; without it no repository can be deleted.
    {
      Sid: "RetireRepositoryGrants",
      Effect: "Allow",
      Action: "kms:RetireGrant",
      Resource: scope.arn("kms", "key/*"),
      Condition: {
        StringEquals: { "kms:ViaService": `ecr.${environment.region}.${dnsSuffixOf(environment.region)}` },
      },
    },
  ];
}

/**
 * Keys are known by the environment's tag. A key is tagged while it is made, and KMS asks for the same permission then as for
 * tagging any other key; so a key that has another's alias is not tagged, and not touched whatever its tags say.
 */
function keyPermissions(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  const { cluster } = environment;
  const noForeignAlias = {
    "ForAllValues:StringLike": { "kms:ResourceAliases": [`alias/${cluster.name}/*`] },
  };
  return [
    {
      Sid: "CreateKey",
      Effect: "Allow",
      Action: "kms:CreateKey",
      Resource: "*",
      Condition: becomesOwn(environment),
    },
    {
      Sid: "TagKey",
      Effect: "Allow",
      Action: "kms:TagResource",
      Resource: scope.arn("kms", "key/*"),
      Condition: { ...becomesOwn(environment), ...noForeignAlias },
    },
    {
      Sid: "ManageKey",
      Effect: "Allow",
      Action: [
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:CreateGrant",
        "kms:DeleteAlias",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ],
      Resource: scope.arn("kms", "key/*"),
      Condition: { ...isOwn(environment), ...noForeignAlias },
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
      Resource: (["secrets", "flow-logs"] as const).map((use) => scope.arn("kms", keyAlias(cluster.name, use))),
    },
  ];
}

function logPermissions(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  return [
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
      Resource: [`/aws/eks/${environment.cluster.name}/*`, `/aws/vpc/${environment.cluster.name}/*`].map((name) =>
        scope.arn("logs", `log-group:${name}`),
      ),
    },
    // A flow log to CloudWatch is a log delivery, which has no resource of its own to name.
    {
      Sid: "ManageLogDelivery",
      Effect: "Allow",
      Action: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": environment.region } },
    },
  ];
}

/** Roles under the stacks' path, each with the boundary; nothing under the bootstrap stack's. */
function identityPermissions(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  const { region, access, network } = environment;
  const suffix = dnsSuffixOf(region);
  const roles = scope.iamArn(`role${access.stacksPath}*`);
  const bounded = { StringEquals: { "iam:PermissionsBoundary": scope.boundaryArns } };
  const clusterIssuer = scope.iamArn(`oidc-provider/oidc.eks.${region}.${suffix}/id/*`);
  return [
    {
      Sid: "CreateBoundedRoles",
      Effect: "Allow",
      Action: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      Resource: roles,
      Condition: bounded,
    },
    {
      Sid: "AttachPolicies",
      Effect: "Allow",
      Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      Resource: roles,
      Condition: {
        ...bounded,
        ArnEquals: {
          "iam:PolicyARN": [...clusterRolePolicies, ...nodeRolePolicies].map((name) => scope.managedPolicyArn(name)),
        },
      },
    },
    {
      Sid: "ManageRoles",
      Effect: "Allow",
      Action: [
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      Resource: roles,
    },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: roles,
      Condition: {
        StringEquals: {
          "iam:PassedToService": [
            `eks.${suffix}`,
            `ec2.${suffix}`,
            `vpc-flow-logs.${suffix}`,
            // Pod Identity associations of the user's own.
            "pods.eks.amazonaws.com",
          ],
        },
      },
    },
    {
      Sid: "CreateClusterIssuer",
      Effect: "Allow",
      Action: ["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"],
      Resource: clusterIssuer,
      // One that carries another environment's tag is not taken over.
      Condition: {
        ...becomesOwn(environment),
        StringEqualsIfExists: { [`aws:ResourceTag/${clusterTag}`]: environment.cluster.name },
      },
    },
    {
      Sid: "ManageClusterIssuer",
      Effect: "Allow",
      Action: [
        "iam:AddClientIDToOpenIDConnectProvider",
        "iam:DeleteOpenIDConnectProvider",
        "iam:RemoveClientIDFromOpenIDConnectProvider",
        "iam:UntagOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
      ],
      Resource: clusterIssuer,
      Condition: isOwn(environment),
    },
    {
      Sid: "CreateServiceLinkedRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: scope.iamArn("role/aws-service-role/*"),
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
    // An interface endpoint's private name is a hosted zone of AWS's, which EC2 associates in the caller's name. Route 53
    // has no region.
    ...(network.mode === "created"
      ? [
          {
            Sid: "NameEndpoints",
            Effect: "Allow",
            Action: "route53:AssociateVPCWithHostedZone",
            Resource: [`arn:${scope.partition}:route53:::hostedzone/*`, scope.arn("ec2", "vpc/*")],
          } as const,
        ]
      : []),
    {
      Sid: "NeverTheBoundary",
      Effect: "Deny",
      Action: "iam:DeleteRolePermissionsBoundary",
      Resource: "*",
    },
    {
      Sid: "NeverTheBootstrap",
      Effect: "Deny",
      Action: [
        "iam:Add*",
        "iam:Attach*",
        "iam:Create*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:PassRole",
        "iam:Put*",
        "iam:Remove*",
        "iam:Set*",
        "iam:Tag*",
        "iam:Untag*",
        "iam:Update*",
        "sts:AssumeRole",
      ],
      Resource: ["role", "policy"].map((kind) => scope.iamArn(`${kind}${access.bootstrapPath}*`)),
    },
  ];
}
