// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { ADMINISTRATOR, allow, attach, trust } from "./tampering";

/** Roles of the environment. */
export const environmentRolesBreaks: readonly Break[] = [
  {
    red: "IAM-01",
    how: "the node role has no boundary",
    apply: (p) => {
      delete p.one("cluster", "aws_iam_role", "node-role").permissions_boundary;
    },
  },
  {
    red: "IAM-01",
    how: "a role has another boundary",
    apply: (p) => {
      p.one("network", "aws_iam_role").permissions_boundary = ADMINISTRATOR;
    },
  },
  {
    red: "IAM-01",
    how: "another stack makes a role without a boundary",
    apply: (p) =>
      p.beside("aws_iam_role", {
        name: "x",
        assume_role_policy: JSON.stringify({
          Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
      }),
  },
  {
    red: "IAM-01",
    how: "the role that deploys makes roles without a boundary",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", {
        role: p.ref("bootstrap", "aws_iam_role", "name", "github/apply"),
        policy: allow("iam:CreateRole", "arn:aws:iam::111122223333:role/ml-platform-prod/stacks/*"),
      }),
  },
  {
    red: "IAM-02",
    how: "the role that deploys is administrator",
    apply: attach("bootstrap", "github/apply", ADMINISTRATOR),
  },
  {
    red: "IAM-02",
    how: "the role that deploys makes users",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", {
        role: p.ref("bootstrap", "aws_iam_role", "name", "github/apply"),
        policy: allow("iam:Create*", "arn:aws:iam::111122223333:user/*"),
      }),
  },
  {
    red: "IAM-02",
    how: "an inline block lets the role that deploys read every bucket",
    apply: (p) => {
      p.one("bootstrap", "aws_iam_role", "github/apply").inline_policy = [{ name: "x", policy: allow("s3:GetObject") }];
    },
  },
  {
    red: "IAM-02",
    how: "a policy that exists passes any role",
    apply: (p) =>
      p.document(p.one("bootstrap", "aws_iam_policy", "write-cluster"), "policy", (d) =>
        d.Statement.push({ Effect: "Allow", Action: "iam:PassRole", Resource: "*" }),
      ),
  },
  {
    red: "IAM-02",
    how: "the administrator removes clusters of others",
    apply: (p) =>
      p.beside("aws_iam_role_policy", { role: "ml-platform-prod-administrator", policy: allow("eks:DeleteCluster") }),
  },
  {
    red: "IAM-02",
    how: "everything but IAM is allowed",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", {
        role: p.ref("bootstrap", "aws_iam_role", "name", "github/apply"),
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }] }),
      }),
  },
  {
    red: "IAM-03",
    how: "everybody may assume the node role",
    apply: trust("cluster", "node-role", (s) => {
      s.Principal = { AWS: "*" };
    }),
  },
  {
    red: "IAM-03",
    how: "the account may assume the cluster's role",
    apply: trust("cluster", "cluster-role", (_, d) =>
      d.Statement.push({
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "sts:AssumeRole",
      }),
    ),
  },
  {
    red: "IAM-03",
    how: "another account may assume a role of people",
    apply: trust("bootstrap", "people/administrator", (s) => {
      s.Principal.AWS = ["arn:aws:iam::999999999999:root"];
    }),
  },
  {
    red: "IAM-03",
    how: "somebody else enters the cluster",
    apply: (p) =>
      p.add("cluster", "aws_eks_access_entry", {
        cluster_name: "ml-platform-prod",
        principal_arn: "arn:aws:iam::111122223333:user/x",
      }),
  },
  {
    red: "IAM-03",
    how: "another stack makes somebody administrator of the cluster",
    apply: (p) =>
      p.beside("aws_eks_access_policy_association", {
        cluster_name: "ml-platform-prod",
        principal_arn: "arn:aws:iam::111122223333:role/x",
        policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      }),
  },
];
