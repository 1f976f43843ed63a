// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dnsSuffixOf } from "../partition";
import type { PolicyStatement } from "../policy-document";
import type { PermissionScope } from "./permission-scope";

/** What a person needs to enter: find the cluster, and reach its private API through a node and Session Manager. */
export function enterPermissions(scope: PermissionScope): PolicyStatement[] {
  const { region, cluster } = scope.environment;
  return [
    {
      Sid: "FindCluster",
      Effect: "Allow",
      Action: "eks:DescribeCluster",
      Resource: scope.arn("eks", `cluster/${cluster.name}`),
    },
    { Sid: "FindNodes", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
    {
      Sid: "ForwardPortThroughNode",
      Effect: "Allow",
      Action: "ssm:StartSession",
      Resource: scope.arn("ec2", "instance/*"),
      Condition: {
        StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster.name}`]: "owned" },
        // Without it, a session without document would be a shell on the node.
        BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
      },
    },
    {
      Sid: "ForwardPortOnly",
      Effect: "Allow",
      Action: "ssm:StartSession",
      Resource: `arn:${scope.partition}:ssm:${region}::document/AWS-StartPortForwardingSessionToRemoteHost`,
    },
    // IAM's variable, not Terraform's: the second dollar sign is for Terraform.
    {
      Sid: "EndOwnSessions",
      Effect: "Allow",
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: scope.arn("ssm", "session/$${aws:userid}-*"),
    },
  ];
}

/** What a person needs to read what Ray's pods logged; nothing where no logs are kept. */
export function readLogsPermissions({ logs, environment: { region } }: PermissionScope): PolicyStatement[] {
  return logs === undefined
    ? []
    : [
        { Sid: "ListLogs", Effect: "Allow", Action: "s3:ListBucket", Resource: logs.bucketArn },
        { Sid: "ReadLogs", Effect: "Allow", Action: "s3:GetObject", Resource: `${logs.bucketArn}/*` },
        {
          Sid: "DecryptLogs",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: logs.keyArn,
          Condition: { StringEquals: { "kms:ViaService": `s3.${region}.${dnsSuffixOf(region)}` } },
        },
      ];
}

/** What the administrator needs besides deploying: looking at earlier versions of the state, and mirroring images. */
export function administratorPermissions(scope: PermissionScope): PolicyStatement[] {
  return [
    {
      Sid: "ListStateVersions",
      Effect: "Allow",
      Action: "s3:ListBucketVersions",
      Resource: scope.stateBucketArn,
    },
    {
      Sid: "ReadStateVersions",
      Effect: "Allow",
      Action: "s3:GetObjectVersion",
      Resource: `${scope.stateBucketArn}/${scope.environment.name}/*`,
    },
  ];
}
