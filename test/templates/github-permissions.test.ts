// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { configs } from "./configs";
import { type Json, policy, resource, resources, synthesize } from "./synthesize";

const REGION = "us-east-1";
const CLUSTER = "ml-platform-dev";
const GIVEN_KEY = `arn:aws:kms:${REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

const inRegion = { "aws:RequestedRegion": REGION };
const arn = (service: string, what: string): string => `arn:aws:${service}:${REGION}:account:${what}`;
const roleArn = (name: string): string => `arn:aws:iam::account:role/${name}`;

const done = new Map<string, Json>();

/** The bootstrap stack of an option set, synthesized once. */
function bootstrapOf(option: string): Json {
  const stack =
    done.get(option) ??
    synthesize((configs[option] as () => Parameters<typeof synthesize>[0])()).stacks["dev-bootstrap"];
  done.set(option, stack);
  return stack;
}

/** The statements that a role's attached policies hold. */
function statements(option: string, role: string): Json[] {
  const bootstrap = bootstrapOf(option);
  const roleAddress = `\${aws_iam_role.github_${role}-role`;
  const attached = resources(bootstrap, "aws_iam_role_policy_attachment").filter((one) =>
    one.role.startsWith(roleAddress),
  );
  expect(resource(bootstrap, "aws_iam_role", `github/${role}-role`)).toBeDefined();
  return attached.flatMap(({ policy_arn }) => {
    const name = /aws_iam_policy\.([\w-]+)\.arn/.exec(policy_arn)?.[1] as string;
    const text = bootstrap.resource.aws_iam_policy[name].policy.replace(
      /\$\{data\.aws_caller_identity[^}]*\}/g,
      "account",
    );
    return policy(text).Statement;
  });
}

function like(pattern: string, value: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(value);
}

/** IAM's decision, as far as these policies use its language: wildcards, StringEquals, and deny before allow. */
function decides(all: Json[], { action, resource: target, context = {} }: Request): "allow" | "deny" | "nothing" {
  const matching = all.filter((one) => {
    const conditions = Object.entries<Json>(one.Condition ?? {});
    expect(conditions.map(([operator]) => operator).filter((operator) => operator !== "StringEquals")).toEqual([]);
    return (
      [one.Action].flat().some((pattern: string) => like(pattern, action)) &&
      [one.Resource].flat().some((pattern: string) => like(pattern, target)) &&
      conditions.every(([, keys]) =>
        Object.entries<Json>(keys).every(([key, values]) => [values].flat().includes(context[key])),
      )
    );
  });
  return matching.some(({ Effect }) => Effect === "Deny") ? "deny" : matching.length > 0 ? "allow" : "nothing";
}

/** Calls that EC2, EKS and ECR make in the name of whoever creates or deletes a resource; found in no Terraform code. */
const needed: readonly [what: string, option: string, request: Request][] = [
  [
    "names an interface endpoint",
    "default",
    { action: "route53:AssociateVPCWithHostedZone", resource: "arn:aws:route53:::hostedzone/Z0123456789" },
  ],
  [
    "names an interface endpoint in its VPC",
    "default",
    { action: "route53:AssociateVPCWithHostedZone", resource: arn("ec2", "vpc/vpc-1") },
  ],
  ["delivers flow logs", "default", { action: "logs:CreateLogDelivery", resource: "*", context: inRegion }],
  [
    "gives the flow log its role",
    "default",
    {
      action: "iam:PassRole",
      resource: roleArn(`${CLUSTER}-flow-logs`),
      context: { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" },
    },
  ],
  [
    "gives the cluster its role",
    "default",
    {
      action: "iam:PassRole",
      resource: roleArn(`${CLUSTER}-cluster`),
      context: { "iam:PassedToService": "eks.amazonaws.com" },
    },
  ],
  [
    "gives nodes their role",
    "default",
    {
      action: "iam:PassRole",
      resource: roleArn(`${CLUSTER}-node`),
      context: { "iam:PassedToService": "ec2.amazonaws.com" },
    },
  ],
  [
    "takes a grant on the key it made",
    "default",
    { action: "kms:CreateGrant", resource: arn("kms", "key/made"), context: { "aws:ResourceTag/Environment": "dev" } },
  ],
  ["takes a grant on a given key", "given KMS key", { action: "kms:CreateGrant", resource: GIVEN_KEY }],
  [
    "makes the groups of spot nodes",
    "default",
    {
      action: "iam:CreateServiceLinkedRole",
      resource: roleArn("aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot"),
      context: { "iam:AWSServiceName": "spot.amazonaws.com" },
    },
  ],
  [
    "tries the launch template",
    "default",
    { action: "ec2:RunInstances", resource: arn("ec2", "instance/*"), context: inRegion },
  ],
  [
    "deletes a repository",
    "default",
    {
      action: "kms:RetireGrant",
      resource: arn("kms", "key/aws-ecr"),
      context: { "kms:ViaService": `ecr.${REGION}.amazonaws.com` },
    },
  ],
  [
    "changes a Pod Identity association",
    "default",
    { action: "eks:UpdatePodIdentityAssociation", resource: arn("eks", `podidentityassociation/${CLUSTER}/a-1`) },
  ],
  [
    "gives a pod its role",
    "default",
    {
      action: "iam:PassRole",
      resource: roleArn(`${CLUSTER}-pod`),
      context: { "iam:PassedToService": "pods.eks.amazonaws.com" },
    },
  ],
];

test.each(needed)("the apply role %s (%s)", (_, option, request) => {
  expect(decides(statements(option, "apply"), request)).toBe("allow");
});

const refused: readonly [what: string, request: Request][] = [
  ["use a key that it neither made nor was given", { action: "kms:CreateGrant", resource: GIVEN_KEY }],
  ["retire grants on its own", { action: "kms:RetireGrant", resource: arn("kms", "key/other") }],
  [
    "give a role to another service",
    {
      action: "iam:PassRole",
      resource: roleArn(`${CLUSTER}-node`),
      context: { "iam:PassedToService": "lambda.amazonaws.com" },
    },
  ],
  [
    "work in another region",
    { action: "ec2:RunInstances", resource: arn("ec2", "instance/*"), context: { "aws:RequestedRegion": "eu-west-1" } },
  ],
  ["change another cluster", { action: "eks:DeleteCluster", resource: arn("eks", "cluster/other") }],
  ["read a secret's value", { action: "secretsmanager:GetSecretValue", resource: arn("secretsmanager", "secret:x") }],
];

test.each(refused)("the apply role may not %s", (_, request) => {
  expect(decides(statements("default", "apply"), request)).toBe("nothing");
});

test.each(["plan", "apply", "drift", "mirror"])("the apply role is denied changing the %s role", (name) => {
  for (const action of ["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DeleteRole"]) {
    expect(decides(statements("default", "apply"), { action, resource: roleArn(`${CLUSTER}-${name}`) })).toBe("deny");
  }
});

test.each(["plan", "drift"])("the %s role writes nothing", (name) => {
  const actions = statements("default", name).flatMap(({ Action }) => [Action].flat());
  expect(actions.filter((action) => !/^[\w-]+:(?:Get|List|Describe)[A-Za-z]*\*?$|^kms:Decrypt$/.test(action))).toEqual(
    [],
  );
  expect(decides(statements("default", name), { action: "s3:PutObject", resource: "anything" })).toBe("nothing");
});
