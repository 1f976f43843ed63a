// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RequestContext } from "../../src/iam/request";
import { ACCOUNT, GIVEN_BOUNDARY, GIVEN_KEY, REGION, SUBNETS, VPC } from "./environments";

/** Who asks: a role of the environment; `deployer` is both that of GitHub Actions and that of an administrator. */
type Who =
  | "deployer"
  | "apply"
  | "administrator"
  | "plan"
  | "drift"
  | "mirror"
  | "ray-user"
  | "viewer"
  | "node"
  | "cluster"
  | "autoscaler-irsa"
  | "nth-irsa"
  | "vpc-cni-irsa"
  | "ebs-csi-irsa"
  | "velero-irsa"
  | "ray-logs-irsa"
  | "flow-logs"
  /** A role of the stacks to which somebody gave every right there is. */
  | "any stack role";

export interface Right {
  readonly what: string;
  readonly who: Who;
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
  /** Option sets in which it holds; all of them if absent. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

const OWN = "ml-platform-prod";
const NEIGHBOUR = "ml-platform-prod-eu";
/** Its last part stands for what AWS chooses. */
const STATE_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/state_key_84A4E4B8`;

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const iam = (resource: string): string => `arn:aws:iam::${ACCOUNT}:${resource}`;
const role = (cluster: string, name: string, part = "stacks"): string =>
  iam(`role/${cluster}/${part}/${cluster}-${name}`);
const bucket = (environment: string): string => `arn:aws:s3:::acme-ml-platform-${environment}-tfstate-${ACCOUNT}`;

const tagged = (cluster: string): RequestContext => ({
  "aws:ResourceTag/ray-platform/cluster": cluster,
  "aws:ResourceTag/Name": cluster,
});
const tagging = (cluster: string): RequestContext => ({ "aws:RequestTag/ray-platform/cluster": cluster });
const own = tagged(OWN);
const neighbours = tagged(NEIGHBOUR);
/** Another team in the account, with the same habits. */
const theirs: RequestContext = {
  "aws:ResourceTag/Environment": "prod",
  "aws:ResourceTag/ManagedBy": "ray-platform",
  "aws:ResourceTag/Name": "shop",
};
const boundary: RequestContext = { "iam:PermissionsBoundary": iam(`policy/${OWN}/bootstrap/${OWN}-boundary`) };
const ADMINISTRATOR = { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" };
const WITH_GITHUB = { except: ["no GitHub"] };
const OWN_BOUNDARY = { except: ["given boundary"] };
const CREATED = { except: ["existing VPC"] };
const WITH_LOGS = { only: ["backups, MFA, own registry"] };
const LOGS = `arn:aws:s3:::acme-ml-platform-prod-ray-logs-${ACCOUNT}`;
/** The key of the bucket, by what IAM knows of it. */
const LOG_KEY: RequestContext = {
  "kms:ResourceAliases": [`alias/${OWN}/ray-logs`],
  "kms:ViaService": `s3.${REGION}.amazonaws.com`,
};
const MIRRORED = { except: ["backups, MFA, own registry"] };

/** Where there is a role that mirrors. */
const PUSHED = { except: ["no GitHub", "backups, MFA, own registry"] };
const SAVED_PLAN = `${bucket("prod")}/_plans/prod/${"0".repeat(64)}/prod-cluster.tfplan`;
/** The name of the other environment begins with this one's. */
const OTHERS_PLAN = `${bucket("prod")}/_plans/prod-eu/${"0".repeat(64)}/prod-eu-cluster.tfplan`;

const right = (
  who: Who,
  what: string,
  action: string,
  resource: string,
  context: RequestContext = {},
  where: Pick<Right, "only" | "except"> = {},
): Right => ({ who, what, action, resource, context, ...where });

/** What no role of an environment may do. */
export const denied: readonly Right[] = [
  // What is logged stays as it was written
  ...["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion"].map((action) =>
    right("ray-logs-irsa", "reads or deletes logs", action, `${LOGS}/files/1/x`, {}, WITH_LOGS),
  ),
  right("ray-logs-irsa", "lists the logs", "s3:ListBucket", LOGS, {}, WITH_LOGS),
  right("ray-logs-irsa", "writes to another bucket", "s3:PutObject", "arn:aws:s3:::acme-ray-backups/x", {}, WITH_LOGS),
  right("ray-logs-irsa", "writes to the state", "s3:PutObject", `${bucket("prod")}/prod/x`, {}, WITH_LOGS),
  right("ray-logs-irsa", "decrypts logs", "kms:Decrypt", arn("kms", "key/1"), LOG_KEY, WITH_LOGS),
  right(
    "ray-logs-irsa",
    "uses another key",
    "kms:GenerateDataKey",
    arn("kms", "key/9"),
    { ...LOG_KEY, "kms:ResourceAliases": ["alias/shop"] },
    WITH_LOGS,
  ),
  right(
    "ray-logs-irsa",
    "uses the key past S3",
    "kms:GenerateDataKey",
    arn("kms", "key/1"),
    { "kms:ResourceAliases": [`alias/${OWN}/ray-logs`] },
    WITH_LOGS,
  ),
  right("deployer", "empties the bucket of logs", "s3:DeleteObject", `${LOGS}/files/1/x`, {}, WITH_LOGS),
  right("deployer", "deletes the bucket of logs", "s3:DeleteBucket", LOGS, {}, WITH_LOGS),
  right("deployer", "shortens how long logs are kept", "s3:PutLifecycleConfiguration", LOGS, {}, WITH_LOGS),
  right("viewer", "deletes logs", "s3:DeleteObject", `${LOGS}/files/1/x`, {}, WITH_LOGS),
  right("ray-user", "writes logs", "s3:PutObject", `${LOGS}/files/1/x`, {}, WITH_LOGS),
  right("plan", "reads logs", "s3:GetObject", `${LOGS}/files/1/x`, {}, WITH_LOGS),
  // Escalation
  right("deployer", "makes a role without a boundary", "iam:CreateRole", role(OWN, "x")),
  right("deployer", "makes a role with another boundary", "iam:CreateRole", role(OWN, "x"), {
    "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess",
  }),
  right("deployer", "makes a role outside its path", "iam:CreateRole", iam(`role/${OWN}-x`), boundary),
  right("deployer", "makes a role under the bootstrap path", "iam:CreateRole", role(OWN, "x", "bootstrap"), boundary),
  right("deployer", "attaches AdministratorAccess to a role of its own", "iam:AttachRolePolicy", role(OWN, "node"), {
    ...boundary,
    ...ADMINISTRATOR,
  }),
  right("deployer", "attaches a policy to a role without boundary", "iam:AttachRolePolicy", role(OWN, "node"), {
    "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
  }),
  right("deployer", "writes a policy into a role without boundary", "iam:PutRolePolicy", role(OWN, "node")),
  right("deployer", "takes the boundary off a role", "iam:DeleteRolePermissionsBoundary", role(OWN, "node"), boundary),
  right("deployer", "takes the boundary off any role", "iam:DeleteRolePermissionsBoundary", iam("role/shop"), boundary),
  right("deployer", "sets another boundary", "iam:PutRolePermissionsBoundary", role(OWN, "node"), {
    "iam:PermissionsBoundary": iam("policy/mine"),
  }),
  right(
    "deployer",
    "rewrites the boundary",
    "iam:CreatePolicyVersion",
    iam(`policy/${OWN}/bootstrap/${OWN}-boundary`),
    {},
    OWN_BOUNDARY,
  ),
  right(
    "deployer",
    "rewrites a given boundary",
    "iam:CreatePolicyVersion",
    GIVEN_BOUNDARY,
    {},
    {
      only: ["given boundary"],
    },
  ),
  right(
    "deployer",
    "falls back to an older boundary",
    "iam:SetDefaultPolicyVersion",
    iam(`policy/${OWN}/bootstrap/${OWN}-boundary`),
  ),
  right(
    "deployer",
    "rewrites its own policy",
    "iam:CreatePolicyVersion",
    iam(`policy/${OWN}/bootstrap/${OWN}-write-identity`),
  ),
  right(
    "deployer",
    "writes a policy into its own role",
    "iam:PutRolePolicy",
    role(OWN, "apply", "bootstrap"),
    boundary,
  ),
  right("deployer", "attaches a policy to its own role", "iam:AttachRolePolicy", role(OWN, "apply", "bootstrap"), {
    ...boundary,
    ...ADMINISTRATOR,
  }),
  right("deployer", "lets others assume its own role", "iam:UpdateAssumeRolePolicy", role(OWN, "apply", "bootstrap")),
  right(
    "deployer",
    "lets others assume the administrator's role",
    "iam:UpdateAssumeRolePolicy",
    role(OWN, "administrator", "bootstrap"),
  ),
  right("deployer", "deletes the plan role", "iam:DeleteRole", role(OWN, "plan", "bootstrap")),
  right("deployer", "passes its own role", "iam:PassRole", role(OWN, "apply", "bootstrap"), {
    "iam:PassedToService": "ec2.amazonaws.com",
  }),
  right("deployer", "assumes the administrator's role", "sts:AssumeRole", role(OWN, "administrator", "bootstrap")),
  right("deployer", "assumes a role of the account", "sts:AssumeRole", iam("role/Administrator")),
  right("deployer", "makes a user", "iam:CreateUser", iam("user/x")),
  right("deployer", "makes an access key", "iam:CreateAccessKey", iam("user/x")),
  right("deployer", "makes a policy", "iam:CreatePolicy", iam(`policy/${OWN}/stacks/x`)),
  right("deployer", "passes a role of the account", "iam:PassRole", iam("role/shop"), {
    "iam:PassedToService": "ec2.amazonaws.com",
  }),
  right("deployer", "passes a role to another service", "iam:PassRole", role(OWN, "node"), {
    "iam:PassedToService": "lambda.amazonaws.com",
  }),
  right("deployer", "makes another service's role", "iam:CreateServiceLinkedRole", iam("role/aws-service-role/x"), {
    "iam:AWSServiceName": "organizations.amazonaws.com",
  }),
  right("deployer", "reads a secret's value", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:shop-1")),
  right("any stack role", "makes a role", "iam:CreateRole", role(OWN, "x"), boundary, OWN_BOUNDARY),
  right("any stack role", "attaches a policy", "iam:AttachRolePolicy", role(OWN, "node"), boundary, OWN_BOUNDARY),
  right(
    "any stack role",
    "takes its boundary off",
    "iam:DeleteRolePermissionsBoundary",
    role(OWN, "node"),
    {},
    OWN_BOUNDARY,
  ),
  right(
    "any stack role",
    "assumes the administrator's role",
    "sts:AssumeRole",
    role(OWN, "administrator", "bootstrap"),
    {},
    OWN_BOUNDARY,
  ),
  right(
    "any stack role",
    "reads the state",
    "s3:GetObject",
    `${bucket("prod")}/prod/cluster.tfstate`,
    {},
    OWN_BOUNDARY,
  ),
  right("any stack role", "reads another team's bucket", "s3:GetObject", "arn:aws:s3:::shop/orders", {}, OWN_BOUNDARY),
  right(
    "any stack role",
    "reads a secret's value",
    "secretsmanager:GetSecretValue",
    arn("secretsmanager", "secret:shop-1"),
    {},
    OWN_BOUNDARY,
  ),
  right("any stack role", "reads a parameter", "ssm:GetParameter", arn("ssm", "parameter/shop"), {}, OWN_BOUNDARY),
  right("any stack role", "runs a command on a node", "ssm:SendCommand", arn("ec2", "instance/i-1"), own, OWN_BOUNDARY),
  right(
    "any stack role",
    "deletes another team's security group",
    "ec2:DeleteSecurityGroup",
    arn("ec2", "security-group/sg-1"),
    theirs,
    OWN_BOUNDARY,
  ),
  right(
    "any stack role",
    "terminates another cluster's node",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/eks-x"),
    { "aws:ResourceTag/k8s.io/cluster-autoscaler/ml-platform-prod-eu": "owned" },
    OWN_BOUNDARY,
  ),
  right("any stack role", "deletes a key", "kms:ScheduleKeyDeletion", arn("kms", "key/1"), own, OWN_BOUNDARY),
  right("any stack role", "decrypts with another team's key", "kms:Decrypt", arn("kms", "key/1"), theirs, OWN_BOUNDARY),
  right(
    "any stack role",
    "deletes another team's volume",
    "ec2:DeleteVolume",
    arn("ec2", "volume/vol-1"),
    theirs,
    OWN_BOUNDARY,
  ),
  right(
    "any stack role",
    "makes an interface in another team's subnet",
    "ec2:CreateNetworkInterface",
    arn("ec2", "subnet/subnet-9"),
    theirs,
    OWN_BOUNDARY,
  ),

  // The environment whose name begins with this one's
  right("deployer", "makes a role of the other environment", "iam:CreateRole", role(NEIGHBOUR, "x"), boundary),
  right("deployer", "rewrites the trust of the other's role", "iam:UpdateAssumeRolePolicy", role(NEIGHBOUR, "node")),
  right("deployer", "writes a policy into the other's role", "iam:PutRolePolicy", role(NEIGHBOUR, "node"), boundary),
  right("deployer", "passes the other's role", "iam:PassRole", role(NEIGHBOUR, "node"), {
    "iam:PassedToService": "ec2.amazonaws.com",
  }),
  right(
    "deployer",
    "rewrites the other's deploying role",
    "iam:PutRolePolicy",
    role(NEIGHBOUR, "apply", "bootstrap"),
    boundary,
  ),
  right("deployer", "deletes the other's cluster", "eks:DeleteCluster", arn("eks", `cluster/${NEIGHBOUR}`), neighbours),
  right(
    "deployer",
    "admits itself to the other's cluster",
    "eks:CreateAccessEntry",
    arn("eks", `cluster/${NEIGHBOUR}`),
    neighbours,
  ),
  right(
    "deployer",
    "deletes the other's node group",
    "eks:DeleteNodegroup",
    arn("eks", `nodegroup/${NEIGHBOUR}/cpu/1`),
    neighbours,
  ),
  right("deployer", "makes a cluster of the other's", "eks:CreateCluster", "*", tagging(NEIGHBOUR)),
  right("deployer", "deletes the other's queue", "sqs:DeleteQueue", arn("sqs", `${NEIGHBOUR}-interruption`)),
  right("deployer", "deletes the other's rule", "events:DeleteRule", arn("events", `rule/${NEIGHBOUR}-nth-rebalance`)),
  right(
    "deployer",
    "deletes the other's log group",
    "logs:DeleteLogGroup",
    arn("logs", `log-group:/aws/eks/${NEIGHBOUR}/cluster`),
  ),
  right("deployer", "deletes the other's alias", "kms:DeleteAlias", arn("kms", `alias/${NEIGHBOUR}/secrets`)),
  right("deployer", "deletes the other's key", "kms:ScheduleKeyDeletion", arn("kms", "key/1"), {
    ...neighbours,
    "kms:ResourceAliases": [`alias/${NEIGHBOUR}/secrets`],
  }),
  right(
    "deployer",
    "deletes the other's repository",
    "ecr:DeleteRepository",
    arn("ecr", "repository/ml-platform/prod-eu/ray"),
    neighbours,
  ),
  right(
    "deployer",
    "deletes the other's issuer",
    "iam:DeleteOpenIDConnectProvider",
    iam(`oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/B`),
    neighbours,
  ),
  right(
    "deployer",
    "takes the other's issuer over",
    "iam:TagOpenIDConnectProvider",
    iam(`oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/B`),
    { ...neighbours, ...tagging(OWN) },
  ),
  right("deployer", "deletes the other's VPC", "ec2:DeleteVpc", arn("ec2", "vpc/vpc-9"), neighbours),
  right("deployer", "writes the other's state", "s3:PutObject", `${bucket("prod-eu")}/prod-eu/cluster.tfstate`),
  right("deployer", "writes bootstrap's state", "s3:PutObject", `${bucket("prod")}/_bootstrap/prod.tfstate`),
  right("deployer", "deletes bootstrap's state", "s3:DeleteObject", `${bucket("prod")}/_bootstrap/prod.tfstate`),
  right(
    "deployer",
    "writes the other's state in its own bucket",
    "s3:PutObject",
    `${bucket("prod")}/prod-eu/cluster.tfstate`,
  ),
  right(
    "deployer",
    "tags the other's scaling group",
    "autoscaling:CreateOrUpdateTags",
    arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/eks-x"),
    { "aws:ResourceTag/eks:cluster-name": NEIGHBOUR },
  ),
  right(
    "deployer",
    "opens the other's cluster security group",
    "ec2:AuthorizeSecurityGroupIngress",
    arn("ec2", "security-group/sg-9"),
    { "aws:ResourceTag/aws:eks:cluster-name": NEIGHBOUR, "aws:ResourceTag/Name": "x" },
  ),
  right("ray-user", "finds the other's cluster", "eks:DescribeCluster", arn("eks", `cluster/${NEIGHBOUR}`)),
  right("viewer", "tunnels through the other's node", "ssm:StartSession", arn("ec2", "instance/i-9"), {
    [`aws:ResourceTag/kubernetes.io/cluster/${NEIGHBOUR}`]: "owned",
    "ssm:SessionDocumentAccessCheck": "true",
  }),

  // Another team of the account
  right("deployer", "deletes another team's VPC", "ec2:DeleteVpc", arn("ec2", "vpc/vpc-9"), theirs),
  right("deployer", "makes a subnet in another team's VPC", "ec2:CreateSubnet", arn("ec2", "vpc/vpc-9"), {
    ...theirs,
    ...tagging(OWN),
  }),
  right(
    "deployer",
    "makes a security group in another team's VPC",
    "ec2:CreateSecurityGroup",
    arn("ec2", "vpc/vpc-9"),
    { ...theirs, ...tagging(OWN) },
  ),
  right("deployer", "makes a VPC without its tag", "ec2:CreateVpc", arn("ec2", "vpc/*")),
  right("deployer", "claims another team's VPC by tagging it", "ec2:CreateTags", arn("ec2", "vpc/vpc-9"), {
    ...theirs,
    ...tagging(OWN),
  }),
  right("deployer", "claims an untagged VPC by tagging it", "ec2:CreateTags", arn("ec2", "vpc/vpc-9"), tagging(OWN)),
  right(
    "deployer",
    "claims an untagged security group by tagging it",
    "ec2:CreateTags",
    arn("ec2", "security-group/sg-9"),
    tagging(OWN),
  ),
  right(
    "deployer",
    "deletes another team's security group",
    "ec2:DeleteSecurityGroup",
    arn("ec2", "security-group/sg-9"),
    theirs,
  ),
  right("deployer", "deletes an untagged security group", "ec2:DeleteSecurityGroup", arn("ec2", "security-group/sg-9")),
  right(
    "deployer",
    "opens another team's security group",
    "ec2:AuthorizeSecurityGroupIngress",
    arn("ec2", "security-group/sg-9"),
    theirs,
  ),
  right(
    "deployer",
    "closes another team's security group",
    "ec2:RevokeSecurityGroupIngress",
    arn("ec2", "security-group/sg-9"),
    theirs,
  ),
  right("deployer", "deletes another team's route", "ec2:DeleteRoute", arn("ec2", "route-table/rtb-9"), theirs),
  right(
    "deployer",
    "releases another team's address",
    "ec2:ReleaseAddress",
    arn("ec2", "elastic-ip/eipalloc-9"),
    theirs,
  ),
  right(
    "deployer",
    "rewrites another team's launch template",
    "ec2:CreateLaunchTemplateVersion",
    arn("ec2", "launch-template/lt-9"),
    theirs,
  ),
  right("deployer", "terminates instances", "ec2:TerminateInstances", arn("ec2", "instance/i-9"), theirs),
  right(
    "deployer",
    "runs an instance in another team's subnet",
    "ec2:RunInstances",
    arn("ec2", "subnet/subnet-9"),
    theirs,
  ),
  right("deployer", "runs an instance without its tag", "ec2:RunInstances", arn("ec2", "instance/*")),
  right("deployer", "runs an image of the account's", "ec2:RunInstances", `arn:aws:ec2:${REGION}::image/ami-9`, {
    "ec2:Owner": ACCOUNT,
  }),
  right("deployer", "deletes another team's key", "kms:ScheduleKeyDeletion", arn("kms", "key/9"), {
    ...theirs,
    "kms:ResourceAliases": ["alias/shop"],
  }),
  right(
    "deployer",
    "deletes a key that has its tag and another's alias",
    "kms:ScheduleKeyDeletion",
    arn("kms", "key/9"),
    { ...own, "kms:ResourceAliases": ["alias/shop"] },
  ),
  right("deployer", "claims another team's key by tagging it", "kms:TagResource", arn("kms", "key/9"), {
    ...theirs,
    ...tagging(OWN),
    "kms:ResourceAliases": ["alias/shop"],
  }),
  right("deployer", "rewrites another team's key policy", "kms:PutKeyPolicy", arn("kms", "key/9"), theirs),
  right("deployer", "uses another team's key", "kms:CreateGrant", arn("kms", "key/9"), theirs),
  right("deployer", "decrypts with another team's key", "kms:Decrypt", arn("kms", "key/9"), theirs),
  right("deployer", "reads another team's bucket", "s3:GetObject", "arn:aws:s3:::shop/orders"),
  right("deployer", "deletes the state bucket", "s3:DeleteBucket", bucket("prod")),
  right("deployer", "opens the state bucket", "s3:PutBucketPolicy", bucket("prod")),
  right("deployer", "deletes another team's queue", "sqs:DeleteQueue", arn("sqs", "shop")),
  right(
    "deployer",
    "deletes another team's log group",
    "logs:DeleteLogGroup",
    arn("logs", "log-group:/aws/eks/shop/cluster"),
  ),
  right("deployer", "deletes another team's repository", "ecr:DeleteRepository", arn("ecr", "repository/shop"), theirs),
  right(
    "deployer",
    "deletes a repository under its prefix without its tag",
    "ecr:DeleteRepository",
    arn("ecr", "repository/ml-platform/prod/x"),
    theirs,
  ),
  right("deployer", "deletes another team's cluster", "eks:DeleteCluster", arn("eks", "cluster/shop"), theirs),
  right(
    "deployer",
    "deletes another team's cluster's issuer",
    "iam:DeleteOpenIDConnectProvider",
    iam(`oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/C`),
    theirs,
  ),
  right("deployer", "works in another region", "ec2:CreateVpc", `arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc/*`, tagging(OWN)),

  // Those who only read, or enter
  ...(["plan", "drift"] as const).flatMap((who) => [
    right(who, "writes the state", "s3:PutObject", `${bucket("prod")}/prod/cluster.tfstate`, {}, WITH_GITHUB),
    right(who, "makes a role", "iam:CreateRole", role(OWN, "x"), boundary, WITH_GITHUB),
    right(who, "changes the cluster", "eks:UpdateClusterConfig", arn("eks", `cluster/${OWN}`), own, WITH_GITHUB),
    right(
      who,
      "reads a secret's value",
      "secretsmanager:GetSecretValue",
      arn("secretsmanager", "secret:shop-1"),
      {},
      WITH_GITHUB,
    ),
    right(who, "reads an object besides the state", "s3:GetObject", "arn:aws:s3:::shop/orders", {}, WITH_GITHUB),
  ]),
  // Plans that wait: who adds them does not read them, who reads them does not add any
  ...(["plan", "drift", "mirror", "viewer", "administrator"] as const).map((who) =>
    right(who, "reads a saved plan", "s3:GetObject", SAVED_PLAN, {}, who === "mirror" ? PUSHED : WITH_GITHUB),
  ),
  ...(["plan", "apply", "administrator"] as const).map((who) =>
    right(who, "saves a plan", "s3:PutObject", SAVED_PLAN, {}, WITH_GITHUB),
  ),
  ...(["drift", "apply"] as const).map((who) =>
    right(who, "deletes a plan", "s3:DeleteObject", SAVED_PLAN, {}, WITH_GITHUB),
  ),
  right("drift", "saves a plan as another environment's", "s3:PutObject", OTHERS_PLAN, {}, WITH_GITHUB),
  right("apply", "reads a plan of another environment", "s3:GetObject", OTHERS_PLAN, {}, WITH_GITHUB),
  right("mirror", "pushes to another team's repository", "ecr:PutImage", arn("ecr", "repository/shop"), theirs, {
    except: ["no GitHub", "backups, MFA, own registry"],
  }),
  ...(["ray-user", "viewer"] as const).flatMap((who) => [
    right(
      who,
      "opens a shell on a node",
      "ssm:StartSession",
      `arn:aws:ssm:${REGION}::document/SSM-SessionManagerRunShell`,
    ),
    right(who, "opens a session without a document", "ssm:StartSession", arn("ec2", "instance/i-1"), {
      [`aws:ResourceTag/kubernetes.io/cluster/${OWN}`]: "owned",
      "ssm:SessionDocumentAccessCheck": "false",
    }),
    right(who, "tunnels through another team's instance", "ssm:StartSession", arn("ec2", "instance/i-9"), {
      ...theirs,
      "ssm:SessionDocumentAccessCheck": "true",
    }),
    right(who, "ends somebody else's session", "ssm:TerminateSession", arn("ssm", "session/somebody-1"), {
      "aws:userid": "AROA:me",
    }),
    right(who, "changes the cluster", "eks:UpdateClusterConfig", arn("eks", `cluster/${OWN}`), own),
    right(who, "reads the state", "s3:GetObject", `${bucket("prod")}/prod/cluster.tfstate`),
  ]),
];

const service = (name: string): RequestContext => ({ "iam:PassedToService": name });
const givenBoundary = { "iam:PermissionsBoundary": GIVEN_BOUNDARY };
const AT_CREATION: RequestContext = { ...tagging(OWN), "ec2:CreateAction": "CreateVpc" };
const ownedByCluster = { [`aws:ResourceTag/kubernetes.io/cluster/${OWN}`]: "owned" };

/** What the life of a platform needs and no Terraform resource shows; test/iam/terraform-calls.ts has what it shows. */
export const allowed: readonly Right[] = [
  right("deployer", "makes a role with the boundary", "iam:CreateRole", role(OWN, "pod"), boundary, OWN_BOUNDARY),
  right("deployer", "makes a role with the given boundary", "iam:CreateRole", role(OWN, "pod"), givenBoundary, {
    only: ["given boundary"],
  }),
  right("deployer", "gives a pod its role", "iam:PassRole", role(OWN, "pod"), service("pods.eks.amazonaws.com")),
  right(
    "deployer",
    "gives the flow log its role",
    "iam:PassRole",
    role(OWN, "flow-logs"),
    service("vpc-flow-logs.amazonaws.com"),
  ),
  right("deployer", "gives the cluster its role", "iam:PassRole", role(OWN, "cluster"), service("eks.amazonaws.com")),
  right("deployer", "gives nodes their role", "iam:PassRole", role(OWN, "node"), service("ec2.amazonaws.com")),
  right(
    "deployer",
    "names an interface endpoint",
    "route53:AssociateVPCWithHostedZone",
    "arn:aws:route53:::hostedzone/Z0123456789",
    {},
    CREATED,
  ),
  right("deployer", "delivers flow logs", "logs:CreateLogDelivery", "*", { "aws:RequestedRegion": REGION }),
  right("deployer", "takes a grant on the key it made", "kms:CreateGrant", arn("kms", "key/1"), {
    ...own,
    "kms:ResourceAliases": [`alias/${OWN}/secrets`],
  }),
  right("deployer", "takes a grant on a given key", "kms:CreateGrant", GIVEN_KEY, {}, { only: ["given KMS key"] }),
  right(
    "deployer",
    "makes the groups of spot nodes",
    "iam:CreateServiceLinkedRole",
    iam("role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot"),
    { "iam:AWSServiceName": "spot.amazonaws.com" },
  ),
  right(
    "deployer",
    "tries the launch template on an instance",
    "ec2:RunInstances",
    arn("ec2", "instance/*"),
    tagging(OWN),
  ),
  right("deployer", "tries the launch template itself", "ec2:RunInstances", arn("ec2", "launch-template/lt-1"), own),
  right(
    "deployer",
    "tries the launch template in its subnet",
    "ec2:RunInstances",
    arn("ec2", "subnet/subnet-1"),
    own,
    CREATED,
  ),
  right(
    "deployer",
    "tries the launch template in a given subnet",
    "ec2:RunInstances",
    arn("ec2", `subnet/${SUBNETS[0]}`),
    {},
    { only: ["existing VPC"] },
  ),
  right(
    "deployer",
    "tries the launch template with its security group",
    "ec2:RunInstances",
    arn("ec2", "security-group/sg-1"),
    own,
  ),
  right(
    "deployer",
    "tries the launch template with AWS's image",
    "ec2:RunInstances",
    `arn:aws:ec2:${REGION}::image/ami-1`,
    { "ec2:Owner": "amazon" },
  ),
  right(
    "deployer",
    "tries the launch template in its reservation",
    "ec2:RunInstances",
    arn("ec2", "capacity-reservation/cr-0123456789abcdef0"),
    {},
    { only: ["capacity block with EFA"] },
  ),
  right("deployer", "tags what it makes", "ec2:CreateTags", arn("ec2", "vpc/vpc-1"), AT_CREATION),
  right(
    "deployer",
    "makes a security group in a given VPC",
    "ec2:CreateSecurityGroup",
    arn("ec2", `vpc/${VPC}`),
    {},
    { only: ["existing VPC"] },
  ),
  right(
    "deployer",
    "closes the default security group",
    "ec2:RevokeSecurityGroupIngress",
    arn("ec2", "security-group/sg-1"),
    {},
    CREATED,
  ),
  right(
    "deployer",
    "admits nodes to the cluster's security group",
    "ec2:AuthorizeSecurityGroupIngress",
    arn("ec2", "security-group/sg-1"),
    { "aws:ResourceTag/aws:eks:cluster-name": OWN, "aws:ResourceTag/Name": "eks-cluster-sg" },
  ),
  right(
    "deployer",
    "deletes interfaces that nodes left",
    "ec2:DeleteNetworkInterface",
    arn("ec2", "network-interface/eni-1"),
    { "aws:ResourceTag/cluster.k8s.amazonaws.com/name": OWN },
  ),
  right("deployer", "deletes a repository with its grants", "kms:RetireGrant", arn("kms", "key/aws"), {
    "kms:ViaService": `ecr.${REGION}.amazonaws.com`,
  }),
  right(
    "deployer",
    "changes a Pod Identity association",
    "eks:UpdatePodIdentityAssociation",
    arn("eks", `podidentityassociation/${OWN}/a-1`),
  ),
  right(
    "deployer",
    "asks for new images of nodes",
    "eks:UpdateNodegroupVersion",
    arn("eks", `nodegroup/${OWN}/cpu/1`),
    own,
  ),
  right("deployer", "takes a key back", "kms:CancelKeyDeletion", arn("kms", "key/1"), own),
  right("plan", "reads the state", "s3:GetObject", `${bucket("prod")}/prod/cluster.tfstate`, {}, WITH_GITHUB),
  right(
    "drift",
    "reads bootstrap's state",
    "s3:GetObject",
    `${bucket("prod")}/_bootstrap/prod.tfstate`,
    {},
    WITH_GITHUB,
  ),
  ...(["plan", "drift"] as const).map((who) =>
    right(who, "encrypts what Terraform said", "kms:GenerateDataKey", STATE_KEY, {}, WITH_GITHUB),
  ),
  right("drift", "compares the bucket of states", "s3:GetBucketVersioning", bucket("prod"), {}, WITH_GITHUB),
  right("drift", "reads the cluster", "eks:DescribeCluster", arn("eks", `cluster/${OWN}`), {}, WITH_GITHUB),
  right("drift", "saves a plan", "s3:PutObject", SAVED_PLAN, {}, WITH_GITHUB),
  right("apply", "reads a saved plan", "s3:GetObject", SAVED_PLAN, {}, WITH_GITHUB),
  right("mirror", "pushes an image", "ecr:PutImage", arn("ecr", "repository/ml-platform/prod/ray"), own, {
    except: ["no GitHub", "backups, MFA, own registry"],
  }),
  ...(["deployer", "ray-user", "viewer"] as const).map((who) =>
    right(who, "finds the cluster", "eks:DescribeCluster", arn("eks", `cluster/${OWN}`)),
  ),
  ...(["ray-user", "viewer"] as const).flatMap((who) => [
    right(who, "finds a node", "ec2:DescribeInstances", "*"),
    right(who, "tunnels through a node", "ssm:StartSession", arn("ec2", "instance/i-1"), {
      ...ownedByCluster,
      "ssm:SessionDocumentAccessCheck": "true",
    }),
    right(
      who,
      "tunnels to the private API",
      "ssm:StartSession",
      `arn:aws:ssm:${REGION}::document/AWS-StartPortForwardingSessionToRemoteHost`,
    ),
    right(who, "ends its own session", "ssm:TerminateSession", arn("ssm", "session/AROA:me-1"), {
      "aws:userid": "AROA:me",
    }),
  ]),
  right("node", "joins the cluster", "eks:DescribeCluster", arn("eks", `cluster/${OWN}`)),
  right("node", "pulls an image", "ecr:BatchGetImage", arn("ecr", "repository/ml-platform/prod/ray")),
  right(
    "node",
    "pulls an add-on's image",
    "ecr:GetDownloadUrlForLayer",
    `arn:aws:ecr:${REGION}:602401143452:repository/eks/coredns`,
  ),
  right("node", "logs in to a registry", "ecr:GetAuthorizationToken", "*"),
  right("node", "registers with Session Manager", "ssm:UpdateInstanceInformation", arn("ec2", "instance/i-1")),
  right("node", "opens a session", "ssmmessages:OpenDataChannel", "*"),
  right("node", "gives pods their roles", "eks-auth:AssumeRoleForPodIdentity", arn("eks", `cluster/${OWN}`)),
  right("cluster", "encrypts secrets", "kms:Encrypt", arn("kms", "key/encryption_key_EEB70057"), own, {
    except: ["given KMS key"],
  }),
  right("cluster", "encrypts secrets with a given key", "kms:Encrypt", GIVEN_KEY, {}, { only: ["given KMS key"] }),
  right("autoscaler-irsa", "finds groups", "autoscaling:DescribeAutoScalingGroups", "*"),
  right("autoscaler-irsa", "reads a node group", "eks:DescribeNodegroup", arn("eks", `nodegroup/${OWN}/cpu/1`)),
  right(
    "autoscaler-irsa",
    "scales",
    "autoscaling:SetDesiredCapacity",
    arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/eks-cpu"),
    { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${OWN}`]: "owned" },
  ),
  right("nth-irsa", "receives notices", "sqs:ReceiveMessage", arn("sqs", `${OWN}-interruption`)),
  right(
    "nth-irsa",
    "completes a lifecycle action",
    "autoscaling:CompleteLifecycleAction",
    arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/eks-cpu"),
    { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${OWN}`]: "owned" },
  ),
  right("vpc-cni-irsa", "makes an interface", "ec2:CreateNetworkInterface", arn("ec2", "network-interface/*"), {
    "aws:RequestTag/cluster.k8s.amazonaws.com/name": OWN,
  }),
  right(
    "vpc-cni-irsa",
    "gives a pod its address",
    "ec2:AssignPrivateIpAddresses",
    arn("ec2", "network-interface/eni-1"),
    { "aws:ResourceTag/cluster.k8s.amazonaws.com/name": OWN },
  ),
  right(
    "vpc-cni-irsa",
    "attaches an interface to a node",
    "ec2:AttachNetworkInterface",
    arn("ec2", "instance/i-1"),
    ownedByCluster,
  ),
  right("ebs-csi-irsa", "makes a volume", "ec2:CreateVolume", arn("ec2", "volume/*"), tagging(OWN)),
  right("ebs-csi-irsa", "attaches a volume", "ec2:AttachVolume", arn("ec2", "volume/vol-1"), own),
  right("ebs-csi-irsa", "attaches it to a node", "ec2:AttachVolume", arn("ec2", "instance/i-1"), ownedByCluster),
  right("ebs-csi-irsa", "tags a volume while it makes it", "ec2:CreateTags", arn("ec2", "volume/vol-1"), {
    "ec2:CreateAction": "CreateVolume",
  }),
  right("ebs-csi-irsa", "deletes a snapshot", "ec2:DeleteSnapshot", `arn:aws:ec2:${REGION}::snapshot/snap-1`, own),
  right(
    "flow-logs",
    "delivers",
    "logs:PutLogEvents",
    arn("logs", `log-group:/aws/vpc/${OWN}/flow-logs:log-stream:eni-1`),
    {},
    CREATED,
  ),
  right(
    "velero-irsa",
    "writes a backup",
    "s3:PutObject",
    "arn:aws:s3:::acme-ray-backups/x",
    {},
    { only: ["backups, MFA, own registry"] },
  ),
  right("velero-irsa", "snapshots a volume", "ec2:CreateSnapshot", arn("ec2", "volume/vol-1"), own, {
    only: ["backups, MFA, own registry"],
  }),
  right(
    "velero-irsa",
    "tags the snapshot as the volume",
    "ec2:CreateSnapshot",
    `arn:aws:ec2:${REGION}::snapshot/*`,
    tagging(OWN),
    { only: ["backups, MFA, own registry"] },
  ),
  right("velero-irsa", "restores a volume", "ec2:CreateVolume", arn("ec2", "volume/*"), tagging(OWN), {
    only: ["backups, MFA, own registry"],
  }),
  right("ray-logs-irsa", "writes logs", "s3:PutObject", `${LOGS}/containers/ray_head_1/x`, {}, WITH_LOGS),
  right("ray-logs-irsa", "encrypts logs", "kms:GenerateDataKey", arn("kms", "key/1"), LOG_KEY, WITH_LOGS),
  ...(["ray-user", "viewer"] as const).flatMap((who) => [
    right(who, "lists logs", "s3:ListBucket", LOGS, {}, WITH_LOGS),
    right(who, "reads logs", "s3:GetObject", `${LOGS}/files/1/x`, {}, WITH_LOGS),
  ]),
  right("drift", "compares the bucket of logs", "s3:GetLifecycleConfiguration", LOGS, {}, WITH_LOGS),
  right(
    "any stack role",
    "reads a bucket that the options open",
    "s3:GetObject",
    "arn:aws:s3:::acme-training-data/x",
    {},
    { only: ["backups, MFA, own registry"] },
  ),
  right(
    "any stack role",
    "decrypts a bucket's objects",
    "kms:Decrypt",
    arn("kms", "key/9"),
    { ...theirs, "kms:ViaService": `s3.${REGION}.amazonaws.com` },
    { only: ["backups, MFA, own registry"] },
  ),
];

/** Permissions of mirroring, which the administrator's role has beside GitHub's. */
export const mirroring = MIRRORED;
