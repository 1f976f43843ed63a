// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { becomesOwn, clusterTag, isOwn } from "../cluster-tag";
import type { PolicyStatement } from "../policy-document";
import type { PermissionParts, PermissionScope } from "./permission-scope";

/** What the stacks make in EC2; the kinds that carry the environment's tag from their first moment. */
const made = [
  "elastic-ip",
  "internet-gateway",
  "launch-template",
  "natgateway",
  "placement-group",
  "route-table",
  "security-group",
  "security-group-rule",
  "subnet",
  "vpc",
  "vpc-endpoint",
  "vpc-flow-log",
];

/** What EKS tries with a launch template, in the name of whoever makes the node group. */
const tried = ["instance", "network-interface", "volume"];

/** Makes something within what exists: both are named by the request. */
const additions = [
  "ec2:AuthorizeSecurityGroupEgress",
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:CreateFlowLogs",
  "ec2:CreateNatGateway",
  "ec2:CreateRouteTable",
  "ec2:CreateSecurityGroup",
  "ec2:CreateSubnet",
  "ec2:CreateVpcEndpoint",
  "ec2:RunInstances",
];

const creations = [
  ...additions,
  "ec2:AllocateAddress",
  "ec2:CreateInternetGateway",
  "ec2:CreateLaunchTemplate",
  "ec2:CreatePlacementGroup",
  "ec2:CreateVpc",
];

const changes = [
  "ec2:AssociateRouteTable",
  "ec2:AttachInternetGateway",
  "ec2:CreateLaunchTemplateVersion",
  "ec2:CreateRoute",
  "ec2:CreateTags",
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
  "ec2:ModifySubnetAttribute",
  "ec2:ModifyVpcAttribute",
  "ec2:ModifyVpcEndpoint",
  "ec2:ReleaseAddress",
  "ec2:ReplaceRoute",
  "ec2:ReplaceRouteTableAssociation",
];

const ruleChanges = [
  "ec2:ModifySecurityGroupRules",
  "ec2:RevokeSecurityGroupEgress",
  "ec2:RevokeSecurityGroupIngress",
  "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
  "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
];

/**
 * EC2: make what carries the environment's tag, change what carries it, tag nothing that exists without it. An action that
 * names several resources, such as a subnet and its VPC, needs a statement for each.
 */
export function ec2Permissions(scope: PermissionScope): PermissionParts {
  return { network: creationPermissions(scope), "network-changes": changePermissions(scope) };
}

function arnsOf(scope: PermissionScope, kinds: readonly string[]): string[] {
  return kinds.map((kind) => scope.arn("ec2", `${kind}/*`));
}

function creationPermissions(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  const { network, pools } = environment;
  const reservations = pools.flatMap(({ capacityReservationId }) => capacityReservationId ?? []);
  return [
    {
      Sid: "Create",
      Effect: "Allow",
      Action: creations,
      Resource: arnsOf(scope, [...made, ...tried]),
      Condition: becomesOwn(environment),
    },
    {
      Sid: "TagAtCreation",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: arnsOf(scope, [...made, ...tried]),
      Condition: { ...becomesOwn(environment), Null: { "ec2:CreateAction": "false" } },
    },
    {
      Sid: "TryImages",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: `arn:${scope.partition}:ec2:${environment.region}::image/*`,
      Condition: { StringEquals: { "ec2:Owner": "amazon" } },
    },
    ...(reservations.length === 0
      ? []
      : [
          {
            Sid: "TryReservations",
            Effect: "Allow",
            Action: "ec2:RunInstances",
            Resource: reservations.map((id) => scope.arn("ec2", `capacity-reservation/${id}`)),
          } as const,
        ]),
    ...(network.mode === "created"
      ? []
      : [
          {
            Sid: "UseGivenNetwork",
            Effect: "Allow",
            Action: ["ec2:CreateSecurityGroup", "ec2:RunInstances"],
            Resource: [`vpc/${network.vpcId}`, ...network.nodeSubnetIds.map((id) => `subnet/${id}`)].map((resource) =>
              scope.arn("ec2", resource),
            ),
          } as const,
        ]),
  ];
}

function changePermissions(scope: PermissionScope): PolicyStatement[] {
  const { environment } = scope;
  const { cluster, network } = environment;
  return [
    {
      Sid: "ChangeOwn",
      Effect: "Allow",
      Action: [...additions, ...changes, ...ruleChanges],
      Resource: arnsOf(scope, made),
      Condition: isOwn(environment),
    },
    // EKS makes this group, with a tag that nobody else can set.
    {
      Sid: "ChangeClusterSecurityGroup",
      Effect: "Allow",
      Action: ["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", ...ruleChanges],
      Resource: scope.arn("ec2", "security-group/*"),
      Condition: { StringEquals: { "aws:ResourceTag/aws:eks:cluster-name": cluster.name } },
    },
    // Interfaces of the VPC CNI that outlive their node and would keep subnets and security groups from being deleted.
    {
      Sid: "DeleteLeftInterfaces",
      Effect: "Allow",
      Action: "ec2:DeleteNetworkInterface",
      Resource: scope.arn("ec2", "network-interface/*"),
      Condition: { StringEquals: { "aws:ResourceTag/cluster.k8s.amazonaws.com/name": cluster.name } },
    },
    ...(network.mode === "created"
      ? [
          // A VPC comes with a default group that has no tag, and EC2 knows no other way to tell it from another's.
          {
            Sid: "CloseDefaultSecurityGroup",
            Effect: "Allow",
            Action: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
            Resource: scope.arn("ec2", "security-group/*"),
            Condition: { Null: { "aws:ResourceTag/Name": "true", [`aws:ResourceTag/${clusterTag}`]: "true" } },
          } as const,
        ]
      : []),
  ];
}
