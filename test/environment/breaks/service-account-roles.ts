// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { ADMINISTRATOR, ANYBODY, attach, aud, inline, sub, trust } from "./tampering";

/** Roles of service accounts. */
export const serviceAccountRolesBreaks: readonly Break[] = [
  {
    red: "IRSA-01",
    how: "any service account is trusted",
    apply: trust("cluster", "cluster-autoscaler", (s) => {
      s.Condition = {
        StringLike: { [sub(s)]: "system:serviceaccount:*" },
        StringEquals: { [aud(s)]: "sts.amazonaws.com" },
      };
    }),
  },
  {
    red: "IRSA-01",
    how: "two service accounts are trusted",
    apply: trust("cluster", "cluster-autoscaler", (s) => {
      s.Condition.StringEquals[sub(s)] = [s.Condition.StringEquals[sub(s)], "system:serviceaccount:ray:default"];
    }),
  },
  {
    red: "IRSA-01",
    how: "the audience is not compared",
    apply: trust("cluster", "ebs-csi", (s) => {
      delete s.Condition.StringEquals[aud(s)];
    }),
  },
  {
    red: "IRSA-01",
    how: "a second statement trusts another service account",
    apply: trust("cluster", "vpc-cni", (s, d) => {
      const other = structuredClone(s);
      other.Condition.StringEquals[sub(other)] = "system:serviceaccount:ray:default";
      d.Statement.push(other);
    }),
  },
  {
    red: "IRSA-01",
    how: "everybody is trusted besides",
    apply: trust("cluster", "termination-handler", (_, d) =>
      d.Statement.push({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
    ),
  },
  {
    red: "IRSA-02",
    how: "the autoscaler scales every group",
    apply: inline("cluster-autoscaler", (s) => {
      delete s[2].Condition;
    }),
  },
  {
    red: "IRSA-02",
    how: "the autoscaler does everything with groups",
    apply: inline("cluster-autoscaler", (s) => {
      s[2].Action = "autoscaling:*";
    }),
  },
  {
    red: "IRSA-02",
    how: "another policy is attached to the autoscaler",
    apply: attach("cluster", "cluster-autoscaler", "arn:aws:iam::aws:policy/AmazonEC2FullAccess"),
  },
  {
    red: "IRSA-02",
    how: "another stack writes a policy into the autoscaler's role",
    apply: (p) => p.beside("aws_iam_role_policy", { role: "ml-platform-prod-autoscaler-irsa", policy: ANYBODY }),
  },
  {
    red: "IRSA-03",
    how: "the termination handler does everything with queues",
    apply: inline("termination-handler", (s) => {
      s[1].Action = "sqs:*";
    }),
  },
  {
    red: "IRSA-03",
    how: "the termination handler reads every queue",
    apply: inline("termination-handler", (s) => {
      s[1].Resource = "*";
    }),
  },
  {
    red: "IRSA-03",
    how: "the role's own argument attaches a policy",
    apply: (p) => {
      p.one("cluster", "aws_iam_role", "termination-handler").managed_policy_arns = [
        "arn:aws:iam::aws:policy/AmazonSQSFullAccess",
      ];
    },
  },
  {
    red: "IRSA-04",
    how: "the provider vouches for another issuer",
    apply: (p) =>
      p.beside("aws_iam_openid_connect_provider", {
        url: "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
        client_id_list: ["sts.amazonaws.com"],
      }),
  },
  {
    red: "IRSA-04",
    how: "the provider serves another client",
    apply: (p) => {
      p.one("cluster", "aws_iam_openid_connect_provider").client_id_list.push("other");
    },
  },
  {
    red: "IRSA-04",
    how: "a provider of another kind is trusted",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_openid_connect_provider", {
        url: "https://accounts.example.com",
        client_id_list: ["x"],
      }),
  },
  { red: "IRSA-05", how: "the node role is administrator", apply: attach("cluster", "node-role", ADMINISTRATOR) },
  {
    red: "IRSA-05",
    how: "another stack makes the node role administrator",
    apply: (p) =>
      p.beside("aws_iam_role_policy_attachment", { role: "ml-platform-prod-node", policy_arn: ADMINISTRATOR }),
  },
  {
    red: "IRSA-05",
    how: "the node role has the CNI's policy",
    apply: attach("cluster", "node-role", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"),
  },
  {
    red: "IRSA-05",
    how: "an inline block gives the node role everything",
    apply: (p) => {
      p.one("cluster", "aws_iam_role", "node-role").inline_policy = { name: "x", policy: ANYBODY };
    },
  },
  {
    red: "IRSA-05",
    how: "a list of attachments has the node role",
    apply: (p) =>
      p.add("cluster", "aws_iam_role_policy_attachments_exclusive", {
        role_name: "ml-platform-prod-node",
        policy_arns: [ADMINISTRATOR],
      }),
  },
  {
    red: "IRSA-05",
    how: "a document of a data source gives the node role everything",
    apply: (p) => {
      p.stacks["prod-cluster"].data.aws_iam_policy_document = {
        x: { statement: [{ actions: ["*"], resources: ["*"] }] },
      };
      p.add("cluster", "aws_iam_role_policy", {
        role: p.ref("cluster", "aws_iam_role", "id", "node-role"),
        policy: "${data.aws_iam_policy_document.x.json}",
      });
    },
  },
  {
    red: "IRSA-05",
    how: "the CNI uses the node role",
    apply: (p) => {
      delete p.one("cluster", "aws_eks_addon", "vpc-cni").service_account_role_arn;
    },
  },
  {
    red: "IRSA-05",
    how: "the EBS driver changes every volume",
    apply: inline("ebs-csi", (s) => {
      delete s[3].Condition;
    }),
  },
  {
    red: "IRSA-06",
    how: "Ray's head reads every bucket",
    on: "data for Ray",
    apply: inline("ray-head", (s) => s.push({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" })),
  },
  {
    red: "IRSA-06",
    how: "Ray's workers are administrators",
    on: "data for Ray",
    apply: attach("cluster", "ray-workers", ADMINISTRATOR),
  },
  {
    red: "IRSA-06",
    how: "the boundary of Ray's pods holds everything",
    on: "data for Ray",
    apply: (p) =>
      p.document(p.one("bootstrap", "aws_iam_policy", "ray"), "policy", (d) =>
        d.Statement.push({ Effect: "Allow", Action: "*", Resource: "*" }),
      ),
  },
];
