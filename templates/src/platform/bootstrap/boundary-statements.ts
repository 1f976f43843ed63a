// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { interruptionQueueNames } from "../cluster/interruption-names";
import { becomesOwn, clusterTag, isOwn } from "../cluster-tag";
import { networkInterfaceStatements } from "../network-interface-statements";
import { dnsSuffixOf } from "../partition";
import type { PolicyStatement } from "../policy-document";
import type { PermissionScope } from "./permission-scope";

/**
 * The most that a role of the stacks can do, whatever its policies say: what the control plane, nodes and controllers need, in
 * this environment. No right over IAM or STS is among it, so such a role cannot give itself more.
 */
export function boundaryStatements(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  const { name } = environment.cluster;
  const ownedTag = `kubernetes.io/cluster/${name}`;
  const interfaces = networkInterfaceStatements(name, scope.arn("ec2", "network-interface/*"));
  return [
    {
      Sid: "Describe",
      Effect: "Allow",
      Action: [
        "autoscaling:Describe*",
        "ec2:Describe*",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "elasticloadbalancing:Describe*",
      ],
      Resource: "*",
    },
    // Nodes pull from AWS's registries too. Images are all that this reads.
    {
      Sid: "PullImages",
      Effect: "Allow",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
      ],
      Resource: "*",
    },
    // What the agent needs to be reached. Parameters, which may hold another team's secrets, are not among it.
    {
      Sid: "SessionManager",
      Effect: "Allow",
      Action: [
        "ec2messages:*",
        "ssm:DescribeAssociation",
        "ssm:DescribeDocument",
        "ssm:GetDocument",
        "ssm:ListAssociations",
        "ssm:ListInstanceAssociations",
        "ssm:UpdateInstanceAssociationStatus",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:*",
      ],
      Resource: "*",
    },
    {
      Sid: "Cluster",
      Effect: "Allow",
      Action: ["eks:DescribeCluster", "eks:DescribeNodegroup", "eks-auth:AssumeRoleForPodIdentity"],
      Resource: [scope.arn("eks", `cluster/${name}`), scope.arn("eks", `nodegroup/${name}/*`)],
    },
    {
      Sid: "Scale",
      Effect: "Allow",
      Action: [
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:SetDesiredCapacity",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
      ],
      Resource: "*",
      Condition: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${name}`]: "owned" } },
    },
    {
      Sid: "Queue",
      Effect: "Allow",
      Action: ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
      Resource: scope.arn("sqs", interruptionQueueNames(name)[0]),
    },
    interfaces.create,
    { Sid: "CreateInterfacesIn", Effect: "Allow", Action: "ec2:CreateNetworkInterface", ...subnets(scope) },
    interfaces.tag,
    { ...interfaces.manage, Sid: "OwnInterfaces" },
    // Nodes and security groups of the cluster, and load balancers that its services ask for.
    {
      Sid: "OwnedByCluster",
      Effect: "Allow",
      Action: [
        "ec2:AttachNetworkInterface",
        "ec2:AttachVolume",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteSecurityGroup",
        "ec2:DetachNetworkInterface",
        "ec2:DetachVolume",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:RevokeSecurityGroupIngress",
        "elasticloadbalancing:*",
      ],
      Resource: "*",
      Condition: { StringEquals: { [`aws:ResourceTag/${ownedTag}`]: "owned" } },
    },
    {
      Sid: "NewInCluster",
      Effect: "Allow",
      Action: ["ec2:CreateSecurityGroup", "elasticloadbalancing:AddTags", "elasticloadbalancing:Create*"],
      Resource: "*",
      Condition: { StringEquals: { [`aws:RequestTag/${ownedTag}`]: "owned" } },
    },
    {
      Sid: "OwnVolumes",
      Effect: "Allow",
      Action: [
        "ec2:AttachVolume",
        "ec2:CreateSnapshot",
        "ec2:CreateVolume",
        "ec2:DeleteSnapshot",
        "ec2:DeleteVolume",
        "ec2:DetachVolume",
        "ec2:ModifyVolume",
      ],
      Resource: "*",
      Condition: isOwn(environment),
    },
    {
      Sid: "NewVolumes",
      Effect: "Allow",
      Action: ["ec2:CreateSnapshot", "ec2:CreateVolume"],
      Resource: "*",
      Condition: becomesOwn(environment),
    },
    {
      Sid: "TagAtCreation",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: "*",
      Condition: {
        StringEquals: { "ec2:CreateAction": ["CreateSecurityGroup", "CreateSnapshot", "CreateVolume"] },
      },
    },
    {
      Sid: "FlowLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: scope.arn("logs", `log-group:/aws/vpc/${name}/*`),
    },
    ...clusterKey(scope),
    ...podBuckets(scope),
    {
      Sid: "LoadBalancersServiceRole",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: "*",
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
  ];
}

/** Where pods' interfaces may be made: this environment's subnets. */
function subnets(scope: PermissionScope): Pick<PolicyStatement, "Resource" | "Condition"> {
  const { network } = scope.environment;
  return network.mode === "created"
    ? { Resource: scope.arn("ec2", "subnet/*"), Condition: isOwn(scope.environment) }
    : {
        Resource: scope.arn("ec2", "subnet/*"),
        Condition: { ArnEquals: { "ec2:Vpc": scope.arn("ec2", `vpc/${network.vpcId}`) } },
      };
}

/** The key of Kubernetes secrets, made by the cluster stack or given. */
function clusterKey(scope: PermissionScope): PolicyStatement[] {
  const { cluster } = scope.environment;
  const statement = {
    Sid: "ClusterKey",
    Effect: "Allow",
    Action: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
  } as const;
  return [
    cluster.kmsKeyArn === null
      ? {
          ...statement,
          Resource: scope.arn("kms", "key/*"),
          Condition: { StringEquals: { [`aws:ResourceTag/${clusterTag}`]: cluster.name } },
        }
      : { ...statement, Resource: cluster.kmsKeyArn },
  ];
}

/** Buckets that the options open to roles of pods, and the keys of their objects, through S3 alone. */
function podBuckets(scope: PermissionScope): PolicyStatement[] {
  const { region, access } = scope.environment;
  if (access.podBuckets.length === 0) {
    return [];
  }
  const buckets = access.podBuckets.map((bucket) => `arn:${scope.partition}:s3:::${bucket}`);
  return [
    {
      Sid: "PodBuckets",
      Effect: "Allow",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: buckets.flatMap((bucket) => [bucket, `${bucket}/*`]),
    },
    {
      Sid: "PodBucketKeys",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: scope.arn("kms", "key/*"),
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.${dnsSuffixOf(region)}` } },
    },
  ];
}
