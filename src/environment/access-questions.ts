// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RequestContext } from "../iam/request";

/** Parts of the environment's configuration that questions are asked about. */
export interface AccessScope {
  readonly accountId: string;
  readonly partition: string;
  readonly clusterName: string;
  readonly boundaryArn: string;
  /** Names of roles that may deploy. */
  readonly deployers: readonly string[];
  /** Names of roles that may only read. */
  readonly readers: readonly string[];
}

/** Something that a role must not be allowed to do. */
export interface AccessQuestion {
  /** What a yes means: a role without its boundary, one that reaches beyond its environment, or one that should only read. */
  readonly about: "boundary" | "reach" | "write";
  readonly what: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
}

/** The questions to ask about a role; none about one that neither deploys nor only reads. */
export function questionsAbout(role: string, scope: AccessScope): AccessQuestion[] {
  return [
    ...(scope.deployers.includes(role) ? reachQuestions(scope) : []),
    ...(scope.readers.includes(role) ? writeQuestions(scope) : []),
  ];
}

const ADMINISTRATOR = "AdministratorAccess";

// Each a way out of the environment, or to more rights than its boundary holds.
function reachQuestions({ accountId, partition, clusterName, boundaryArn }: AccessScope): AccessQuestion[] {
  const iam = (resource: string): string => `arn:${partition}:iam::${accountId}:${resource}`;
  const own = iam(`role/${clusterName}/stacks/${clusterName}-node`);
  const another = iam("role/another-platform/stacks/another-platform-node");
  const boundary = { "iam:PermissionsBoundary": boundaryArn };
  const administrator = { "iam:PolicyARN": `arn:${partition}:iam::aws:policy/${ADMINISTRATOR}` };
  const foreign = { "aws:ResourceTag/ray-platform/cluster": "another-platform" };
  const asked =
    (about: AccessQuestion["about"]) =>
    (what: string, action: string, resource: string, context: RequestContext = {}): AccessQuestion => ({
      about,
      what,
      action,
      resource,
      context,
    });
  const ask = asked("reach");
  const askOfBoundary = asked("boundary");
  return [
    askOfBoundary("makes a role without a boundary", "iam:CreateRole", own),
    askOfBoundary("writes a policy into a role without a boundary", "iam:PutRolePolicy", own),
    askOfBoundary("takes the boundary off a role", "iam:DeleteRolePermissionsBoundary", own, boundary),
    ask("makes a role outside its path", "iam:CreateRole", iam("role/anything"), boundary),
    ask("changes who may assume a role of another platform", "iam:UpdateAssumeRolePolicy", another, boundary),
    ask("attaches AdministratorAccess to one of its own roles", "iam:AttachRolePolicy", own, {
      ...boundary,
      ...administrator,
    }),
    ask("passes a role of another platform", "iam:PassRole", another, { "iam:PassedToService": "ec2.amazonaws.com" }),
    ask("makes a user", "iam:CreateUser", iam("user/anybody")),
    ask("makes an access key", "iam:CreateAccessKey", iam("user/anybody")),
    ask("assumes a role of another platform", "sts:AssumeRole", another),
    ask(
      "removes another cluster",
      "eks:DeleteCluster",
      `arn:${partition}:eks:us-east-1:${accountId}:cluster/another-platform`,
      foreign,
    ),
    ask(
      "removes another key",
      "kms:ScheduleKeyDeletion",
      `arn:${partition}:kms:us-east-1:${accountId}:key/another`,
      foreign,
    ),
    ask("reads another bucket", "s3:GetObject", `arn:${partition}:s3:::another-bucket/key`),
    ask(
      "ends another's instances",
      "ec2:TerminateInstances",
      `arn:${partition}:ec2:us-east-1:${accountId}:instance/i-0`,
      foreign,
    ),
  ];
}

// Each changes something of the environment itself.
function writeQuestions({ accountId, partition, clusterName }: AccessScope): AccessQuestion[] {
  const regional = (service: string, resource: string): string =>
    `arn:${partition}:${service}:us-east-1:${accountId}:${resource}`;
  const own = { "aws:ResourceTag/ray-platform/cluster": clusterName };
  const ask = (what: string, action: string, resource: string): AccessQuestion => ({
    about: "write",
    what,
    action,
    resource,
    context: own,
  });
  return [
    ask("changes the cluster", "eks:UpdateClusterConfig", regional("eks", `cluster/${clusterName}`)),
    ask("starts instances", "ec2:RunInstances", regional("ec2", "instance/*")),
    ask("opens a security group", "ec2:AuthorizeSecurityGroupIngress", regional("ec2", "security-group/sg-0")),
    ask(
      "makes a role",
      "iam:CreateRole",
      `arn:${partition}:iam::${accountId}:role/${clusterName}/stacks/${clusterName}-x`,
    ),
    ask(
      "gives a role rights",
      "iam:PutRolePolicy",
      `arn:${partition}:iam::${accountId}:role/${clusterName}/stacks/${clusterName}-node`,
    ),
    ask("removes a key", "kms:ScheduleKeyDeletion", regional("kms", "key/1")),
    ask("removes a bucket's policy", "s3:DeleteBucketPolicy", `arn:${partition}:s3:::any`),
    ask(
      "enters another role",
      "sts:AssumeRole",
      `arn:${partition}:iam::${accountId}:role/${clusterName}/bootstrap/${clusterName}-apply`,
    ),
  ];
}
