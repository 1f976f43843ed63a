// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { cluster, key } from "./tampering";

/** Secrets, keys and logs. */
export const secretsKeysAndLogsBreaks: readonly Break[] = [
  {
    red: "KMS-01",
    how: "secrets are not encrypted",
    apply: (p) => {
      delete cluster(p).encryption_config;
      p.one("cluster", "aws_cloudwatch_log_group");
    },
  },
  {
    red: "KMS-01",
    how: "other resources than secrets are encrypted",
    apply: (p) => {
      cluster(p).encryption_config.resources = [];
    },
  },
  {
    red: "KMS-01",
    how: "the cluster's key is asymmetric",
    apply: (p) => {
      key(p).customer_master_key_spec = "RSA_4096";
    },
  },
  {
    red: "KMS-01",
    how: "the cluster's key signs",
    apply: (p) => {
      key(p).key_usage = "SIGN_VERIFY";
    },
  },
  {
    red: "KMS-01",
    how: "a key that nobody names encrypts secrets",
    apply: (p) => {
      const arn = "arn:aws:kms:us-east-1:111122223333:key/unknown";
      cluster(p).encryption_config.provider.key_arn = arn;
      p.one("cluster", "aws_cloudwatch_log_group").kms_key_id = arn;
    },
  },
  {
    red: "KMS-01",
    how: "another stack makes a cluster without encryption",
    apply: (p) => {
      p.beside("aws_eks_cluster", {
        ...cluster(p),
        name: "other",
        encryption_config: undefined,
        "//": undefined,
        role_arn: "x",
      });
      p.beside("aws_iam_openid_connect_provider", {
        url: "${aws_eks_cluster.broken-aws_eks_cluster.identity[0].oidc[0].issuer}",
        client_id_list: ["sts.amazonaws.com"],
      });
    },
  },
  {
    red: "KMS-02",
    how: "the cluster's key does not rotate",
    apply: (p) => {
      key(p).enable_key_rotation = false;
    },
  },
  {
    red: "KMS-02",
    how: "rotation is left out",
    apply: (p) => {
      delete key(p).enable_key_rotation;
    },
  },
  {
    red: "KMS-02",
    how: "the key rotates every seven years",
    apply: (p) => {
      key(p).rotation_period_in_days = 2560;
    },
  },
  {
    red: "KMS-02",
    how: "the state's key does not rotate",
    apply: (p) => {
      p.one("bootstrap", "aws_kms_key").enable_key_rotation = false;
    },
  },
  {
    red: "KMS-02",
    how: "another stack makes a key without rotation",
    apply: (p) => p.beside("aws_kms_key", { description: "data" }),
  },
  {
    red: "KMS-02",
    how: "key material is imported",
    apply: (p) => p.beside("aws_kms_external_key", { description: "data" }),
  },
  {
    red: "KMS-03",
    how: "the key is deleted after a month",
    apply: (p) => {
      key(p).deletion_window_in_days = 30;
    },
  },
  {
    red: "KMS-03",
    how: "the provider's window applies",
    apply: (p) => {
      delete key(p).deletion_window_in_days;
    },
  },
  {
    red: "KMS-03",
    how: "a variable decides on the window",
    apply: (p) => {
      key(p).deletion_window_in_days = "${var.window}";
    },
  },
  {
    red: "KMS-04",
    how: "the key's policy admits everybody",
    apply: (p) =>
      p.document(key(p), "policy", (d) =>
        d.Statement.push({ Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" }),
      ),
  },
  {
    red: "KMS-04",
    how: "the key's policy admits another account",
    apply: (p) =>
      p.document(key(p), "policy", (d) => {
        d.Statement[0].Principal.AWS = ["arn:aws:iam::999999999999:root"];
      }),
  },
  {
    red: "KMS-04",
    how: "the key's policy admits all but one",
    apply: (p) =>
      p.document(key(p), "policy", (d) => {
        delete d.Statement[0].Principal;
        d.Statement[0].NotPrincipal = { AWS: "arn:aws:iam::111122223333:user/x" };
      }),
  },
  {
    red: "KMS-04",
    how: "logs of any group may use the key",
    apply: (p) =>
      p.document(key(p), "policy", (d) => {
        delete d.Statement[2].Condition;
      }),
  },
  {
    red: "KMS-04",
    how: "a policy of its own replaces the key's",
    apply: (p) =>
      p.add("cluster", "aws_kms_key_policy", {
        key_id: p.ref("cluster", "aws_kms_key", "id"),
        policy: JSON.stringify({
          Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }],
        }),
      }),
  },
  {
    red: "KMS-04",
    how: "a grant admits somebody",
    apply: (p) =>
      p.add("cluster", "aws_kms_grant", {
        key_id: p.ref("cluster", "aws_kms_key", "key_id"),
        grantee_principal: "arn:aws:iam::111122223333:role/x",
        operations: ["Decrypt"],
      }),
  },
  {
    red: "KMS-04",
    how: "another stack replaces the key's policy",
    apply: (p) =>
      p.beside("aws_kms_key_policy", {
        key_id: p.across("cluster", "aws_kms_key", "arn"),
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }] }),
      }),
  },
  {
    red: "KMS-04",
    how: "the key's policy is a function's result",
    apply: (p) => {
      key(p).policy = '${file("policy.json")}';
    },
  },
  {
    red: "KMS-05",
    how: "the cluster uses another key than the given one",
    on: "given key",
    apply: (p) => {
      p.add("cluster", "aws_kms_key", { enable_key_rotation: true, deletion_window_in_days: 7 });
      const arn = "${aws_kms_key.broken-aws_kms_key.arn}";
      cluster(p).encryption_config.provider.key_arn = arn;
      p.one("cluster", "aws_cloudwatch_log_group").kms_key_id = arn;
    },
  },
  {
    red: "KMS-05",
    how: "the cluster uses the state's key instead of the given one",
    on: "given key",
    apply: (p) => {
      Object.assign(p.one("bootstrap", "aws_kms_key"), {});
      p.add("cluster", "aws_kms_key", {
        enable_key_rotation: true,
        deletion_window_in_days: 7,
        policy: JSON.stringify({
          Statement: [
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" },
          ],
        }),
      });
      cluster(p).encryption_config.provider.key_arn = "${aws_kms_key.broken-aws_kms_key.arn}";
      p.one("cluster", "aws_cloudwatch_log_group").kms_key_id = "${aws_kms_key.broken-aws_kms_key.arn}";
    },
  },
  {
    red: "KMS-05",
    how: "a local names another key than the given one",
    on: "given key",
    apply: (p) => {
      p.add("cluster", "aws_kms_key", { enable_key_rotation: true, deletion_window_in_days: 7 });
      p.stacks["prod-cluster"].locals = { key: "${aws_kms_key.broken-aws_kms_key.arn}" };
      cluster(p).encryption_config.provider.key_arn = "${local.key}";
      p.one("cluster", "aws_cloudwatch_log_group").kms_key_id = "${local.key}";
    },
  },
  {
    red: "KMS-06",
    how: "the cluster's log group has no key",
    apply: (p) => {
      delete p.one("cluster", "aws_cloudwatch_log_group").kms_key_id;
    },
  },
  {
    red: "KMS-06",
    how: "the cluster's log group has another key",
    apply: (p) => {
      p.one("cluster", "aws_cloudwatch_log_group").kms_key_id = "alias/aws/logs";
    },
  },
  {
    red: "KMS-06",
    how: "EKS makes the log group itself",
    apply: (p) => p.remove("cluster", "aws_cloudwatch_log_group"),
  },
  {
    red: "KMS-06",
    how: "the log group has another name",
    apply: (p) => {
      p.one("cluster", "aws_cloudwatch_log_group").name = "/aws/eks/other/cluster";
    },
  },
];
