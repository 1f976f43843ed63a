// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RequestContext } from "../../src/iam/request";
import type { Json } from "../templates/synthesize";
import { ACCOUNT, REGION } from "./environments";

/** An AWS call that Terraform makes for a resource. */
export interface TerraformCall {
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
}

/** What a call needs to know of the environment. */
interface Scope {
  readonly cluster: string;
  readonly boundary: string;
  readonly issuer: string;
}

type Calls = (body: Json, scope: Scope) => readonly TerraformCall[];

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const own = ({ cluster }: Scope): RequestContext => ({
  "aws:ResourceTag/ray-platform/cluster": cluster,
  "aws:ResourceTag/Name": cluster,
});
const tagging = ({ cluster }: Scope): RequestContext => ({ "aws:RequestTag/ray-platform/cluster": cluster });

/** Actions on something that exists and carries the environment's tag. */
const onOwn = (service: string, resource: string, scope: Scope, ...actions: string[]): TerraformCall[] =>
  actions.map((action) => ({ action: `${service}:${action}`, resource: arn(service, resource), context: own(scope) }));
const reading = (service: string, ...actions: string[]): TerraformCall[] =>
  actions.map((action) => ({ action: `${service}:${action}`, resource: "*" }));

/** A kind of EC2: made with its tags within `parents`, changed and deleted by its tag. */
function ec2(
  kind: string,
  create: string,
  { within = [], changes = [] }: { readonly within?: readonly string[]; readonly changes?: readonly string[] } = {},
): Calls {
  return (_, scope) => [
    { action: `ec2:${create}`, resource: arn("ec2", `${kind}/*`), context: tagging(scope) },
    ...within.map((parent) => ({
      action: `ec2:${create}`,
      resource: arn("ec2", `${parent}/own`),
      context: { ...own(scope), ...tagging(scope) },
    })),
    {
      action: "ec2:CreateTags",
      resource: arn("ec2", `${kind}/own`),
      context: { ...tagging(scope), "ec2:CreateAction": create },
    },
    {
      action: "ec2:CreateTags",
      resource: arn("ec2", `${kind}/own`),
      context: { ...own(scope), "aws:RequestTag/Owner": "ml" },
    },
    { action: "ec2:DeleteTags", resource: arn("ec2", `${kind}/own`), context: own(scope) },
    ...changes.map((change) => ({ action: `ec2:${change}`, resource: arn("ec2", `${kind}/own`), context: own(scope) })),
  ];
}

/** A rule is made within its group: ours, or the one that EKS makes. */
const rule =
  (direction: "Ingress" | "Egress"): Calls =>
  (body, scope) => {
    const isCluster = String(body.security_group_id).includes("cluster_security_group_id");
    const group = isCluster
      ? { "aws:ResourceTag/aws:eks:cluster-name": scope.cluster, "aws:ResourceTag/Name": "eks" }
      : own(scope);
    const authorize = `AuthorizeSecurityGroup${direction}`;
    return [
      {
        action: `ec2:${authorize}`,
        resource: arn("ec2", "security-group/sg"),
        context: { ...group, ...tagging(scope) },
      },
      { action: `ec2:${authorize}`, resource: arn("ec2", "security-group-rule/*"), context: tagging(scope) },
      {
        action: "ec2:CreateTags",
        resource: arn("ec2", "security-group-rule/sgr"),
        context: { ...tagging(scope), "ec2:CreateAction": authorize },
      },
      ...[`RevokeSecurityGroup${direction}`, "ModifySecurityGroupRules"].map((change) => ({
        action: `ec2:${change}`,
        resource: arn("ec2", "security-group/sg"),
        context: group,
      })),
      ...["ModifySecurityGroupRules"].map((change) => ({
        action: `ec2:${change}`,
        resource: arn("ec2", "security-group-rule/sgr"),
        context: own(scope),
      })),
    ];
  };

const role = (body: Json): string => `arn:aws:iam::${ACCOUNT}:role${body.path}${body.name}`;

/**
 * The calls of the AWS provider for each kind of resource that the network and cluster stacks make: to create, read, change
 * and delete it. Calls for one resource that name several have a line for each.
 */
export const TERRAFORM_CALLS: Readonly<Record<string, Calls>> = {
  aws_autoscaling_group_tag: (_, { cluster }) =>
    ["CreateOrUpdateTags", "DeleteTags"].map((action) => ({
      action: `autoscaling:${action}`,
      resource: arn("autoscaling", "autoScalingGroup:uuid:autoScalingGroupName/eks-cpu-uuid"),
      context: { "aws:ResourceTag/eks:cluster-name": cluster },
    })),
  aws_cloudwatch_event_rule: ({ name }, scope) => [
    ...onOwn("events", `rule/${name}`, scope, "PutRule", "TagResource", "UntagResource", "DeleteRule"),
    ...reading("events", "DescribeRule", "ListTagsForResource").map((call) => ({
      ...call,
      resource: arn("events", `rule/${name}`),
    })),
  ],
  aws_cloudwatch_event_target: (_, scope) =>
    onOwn("events", `rule/${scope.cluster}-nth-rebalance`, scope, "PutTargets", "RemoveTargets", "ListTargetsByRule"),
  aws_cloudwatch_log_group: ({ name }, scope) => [
    ...onOwn(
      "logs",
      `log-group:${name}`,
      scope,
      "CreateLogGroup",
      "PutRetentionPolicy",
      "AssociateKmsKey",
      "TagResource",
      "UntagResource",
      "DeleteLogGroup",
      "ListTagsForResource",
    ),
    { action: "logs:DescribeLogGroups", resource: arn("logs", "log-group:*") },
  ],
  aws_default_security_group: () =>
    ["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"].map((action) => ({
      action: `ec2:${action}`,
      resource: arn("ec2", "security-group/default"),
    })),
  aws_ecr_lifecycle_policy: (_, scope) =>
    onOwn(
      "ecr",
      "repository/ml-platform/prod/ray",
      scope,
      "PutLifecyclePolicy",
      "GetLifecyclePolicy",
      "DeleteLifecyclePolicy",
    ),
  aws_ecr_repository: ({ name }, scope) => [
    { action: "ecr:CreateRepository", resource: arn("ecr", `repository/${name}`), context: tagging(scope) },
    {
      action: "ecr:TagResource",
      resource: arn("ecr", `repository/${name}`),
      context: { ...own(scope), ...tagging(scope) },
    },
    ...onOwn(
      "ecr",
      `repository/${name}`,
      scope,
      "DescribeRepositories",
      "ListTagsForResource",
      "PutImageTagMutability",
      "PutImageScanningConfiguration",
      "UntagResource",
      "DeleteRepository",
    ),
  ],
  aws_eip: ec2("elastic-ip", "AllocateAddress", { changes: ["DisassociateAddress", "ReleaseAddress"] }),
  aws_eks_access_entry: (_, scope) => [
    ...onOwn("eks", `cluster/${scope.cluster}`, scope, "CreateAccessEntry"),
    ...onOwn(
      "eks",
      `access-entry/${scope.cluster}/role/${ACCOUNT}/x/uuid`,
      scope,
      "DescribeAccessEntry",
      "UpdateAccessEntry",
      "DeleteAccessEntry",
      "TagResource",
      "UntagResource",
    ),
  ],
  aws_eks_access_policy_association: (_, scope) =>
    onOwn(
      "eks",
      `access-entry/${scope.cluster}/role/${ACCOUNT}/x/uuid`,
      scope,
      "AssociateAccessPolicy",
      "ListAssociatedAccessPolicies",
      "DisassociateAccessPolicy",
    ),
  aws_eks_addon: ({ addon_name }, scope) => [
    ...onOwn("eks", `cluster/${scope.cluster}`, scope, "CreateAddon"),
    ...onOwn(
      "eks",
      `addon/${scope.cluster}/${addon_name}/uuid`,
      scope,
      "DescribeAddon",
      "UpdateAddon",
      "DeleteAddon",
      "TagResource",
      "UntagResource",
    ),
  ],
  aws_eks_cluster: ({ name }, scope) => [
    { action: "eks:CreateCluster", resource: "*", context: tagging(scope) },
    ...onOwn(
      "eks",
      `cluster/${name}`,
      scope,
      "DescribeCluster",
      "TagResource",
      "UntagResource",
      "UpdateClusterConfig",
      "UpdateClusterVersion",
      "AssociateEncryptionConfig",
      "DescribeUpdate",
      "DeleteCluster",
    ),
    {
      action: "iam:CreateServiceLinkedRole",
      resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      context: { "iam:AWSServiceName": "eks.amazonaws.com" },
    },
  ],
  aws_eks_node_group: (_, scope) => [
    ...onOwn("eks", `cluster/${scope.cluster}`, scope, "CreateNodegroup"),
    ...onOwn(
      "eks",
      `nodegroup/${scope.cluster}/cpu/uuid`,
      scope,
      "DescribeNodegroup",
      "UpdateNodegroupConfig",
      "UpdateNodegroupVersion",
      "DeleteNodegroup",
      "TagResource",
      "UntagResource",
    ),
    {
      action: "iam:CreateServiceLinkedRole",
      resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup`,
      context: { "iam:AWSServiceName": "eks-nodegroup.amazonaws.com" },
    },
  ],
  aws_flow_log: ec2("vpc-flow-log", "CreateFlowLogs", { within: ["vpc"], changes: ["DeleteFlowLogs"] }),
  aws_iam_openid_connect_provider: (_, scope) => [
    ...["CreateOpenIDConnectProvider", "TagOpenIDConnectProvider"].map((action) => ({
      action: `iam:${action}`,
      resource: scope.issuer,
      context: tagging(scope),
    })),
    ...[
      "GetOpenIDConnectProvider",
      "AddClientIDToOpenIDConnectProvider",
      "RemoveClientIDFromOpenIDConnectProvider",
      "UpdateOpenIDConnectProviderThumbprint",
      "UntagOpenIDConnectProvider",
      "DeleteOpenIDConnectProvider",
    ].map((action) => ({ action: `iam:${action}`, resource: scope.issuer, context: own(scope) })),
  ],
  aws_iam_role: (body, { boundary }) =>
    [
      "CreateRole",
      "GetRole",
      "TagRole",
      "UntagRole",
      "UpdateRole",
      "UpdateAssumeRolePolicy",
      "PutRolePermissionsBoundary",
      "ListInstanceProfilesForRole",
      "ListAttachedRolePolicies",
      "ListRolePolicies",
      "DeleteRole",
    ].map((action) => ({
      action: `iam:${action}`,
      resource: role(body),
      context: { "iam:PermissionsBoundary": body.permissions_boundary ?? boundary },
    })),
  aws_iam_role_policy: (_, { cluster, boundary }) =>
    ["PutRolePolicy", "GetRolePolicy", "DeleteRolePolicy"].map((action) => ({
      action: `iam:${action}`,
      resource: `arn:aws:iam::${ACCOUNT}:role/${cluster}/stacks/${cluster}-x`,
      context: { "iam:PermissionsBoundary": boundary },
    })),
  aws_iam_role_policy_attachment: ({ policy_arn }, { cluster, boundary }) =>
    ["AttachRolePolicy", "DetachRolePolicy", "ListAttachedRolePolicies"].map((action) => ({
      action: `iam:${action}`,
      resource: `arn:aws:iam::${ACCOUNT}:role/${cluster}/stacks/${cluster}-x`,
      context: { "iam:PermissionsBoundary": boundary, "iam:PolicyARN": policy_arn },
    })),
  aws_internet_gateway: ec2("internet-gateway", "CreateInternetGateway", {
    changes: ["AttachInternetGateway", "DetachInternetGateway", "DeleteInternetGateway"],
  }),
  aws_kms_alias: ({ name }, scope) =>
    ["CreateAlias", "UpdateAlias", "DeleteAlias"].flatMap((action) => [
      { action: `kms:${action}`, resource: arn("kms", name) },
      { action: `kms:${action}`, resource: arn("kms", "key/own"), context: own(scope) },
    ]),
  aws_kms_key: (_, scope) => [
    { action: "kms:CreateKey", resource: "*", context: tagging(scope) },
    { action: "kms:TagResource", resource: arn("kms", "key/new"), context: tagging(scope) },
    ...onOwn(
      "kms",
      "key/own",
      scope,
      "DescribeKey",
      "GetKeyPolicy",
      "GetKeyRotationStatus",
      "ListResourceTags",
      "EnableKeyRotation",
      "PutKeyPolicy",
      "UpdateKeyDescription",
      "UntagResource",
      "ScheduleKeyDeletion",
    ),
  ],
  aws_launch_template: ec2("launch-template", "CreateLaunchTemplate", {
    changes: ["CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "DeleteLaunchTemplate"],
  }),
  aws_nat_gateway: ec2("natgateway", "CreateNatGateway", {
    within: ["elastic-ip", "subnet"],
    changes: ["DeleteNatGateway"],
  }),
  aws_placement_group: ec2("placement-group", "CreatePlacementGroup", { changes: ["DeletePlacementGroup"] }),
  aws_route: (_, scope) => onOwn("ec2", "route-table/own", scope, "CreateRoute", "ReplaceRoute", "DeleteRoute"),
  aws_route_table: ec2("route-table", "CreateRouteTable", { within: ["vpc"], changes: ["DeleteRouteTable"] }),
  aws_route_table_association: (_, scope) =>
    ["route-table/own", "subnet/own"].flatMap((resource) =>
      onOwn("ec2", resource, scope, "AssociateRouteTable", "ReplaceRouteTableAssociation", "DisassociateRouteTable"),
    ),
  aws_security_group: ec2("security-group", "CreateSecurityGroup", {
    changes: ["RevokeSecurityGroupEgress", "DeleteSecurityGroup"],
  }),
  aws_sqs_queue: ({ name }, scope) =>
    onOwn(
      "sqs",
      name,
      scope,
      "CreateQueue",
      "SetQueueAttributes",
      "TagQueue",
      "UntagQueue",
      "GetQueueAttributes",
      "GetQueueUrl",
      "ListQueueTags",
      "DeleteQueue",
    ),
  aws_sqs_queue_policy: (_, scope) =>
    onOwn("sqs", `${scope.cluster}-interruption`, scope, "SetQueueAttributes", "GetQueueAttributes"),
  aws_subnet: ec2("subnet", "CreateSubnet", { within: ["vpc"], changes: ["ModifySubnetAttribute", "DeleteSubnet"] }),
  aws_vpc: ec2("vpc", "CreateVpc", { changes: ["ModifyVpcAttribute", "DeleteVpc"] }),
  aws_vpc_endpoint: ec2("vpc-endpoint", "CreateVpcEndpoint", {
    within: ["vpc", "subnet", "security-group", "route-table"],
    changes: ["ModifyVpcEndpoint", "DeleteVpcEndpoints"],
  }),
  aws_vpc_security_group_egress_rule: rule("Egress"),
  aws_vpc_security_group_ingress_rule: rule("Ingress"),
};

/** What Terraform itself does for each stack, whatever is in it. */
export function stateCalls(bucket: string, environment: string, layer: string): TerraformCall[] {
  const state = `arn:aws:s3:::${bucket}/${environment}/${layer}.tfstate`;
  return [
    { action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}` },
    ...["s3:GetObject", "s3:PutObject"].map((action) => ({ action, resource: state })),
    ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map((action) => ({ action, resource: `${state}.tflock` })),
  ];
}
