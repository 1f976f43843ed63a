// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Json, policy, resources } from "../synthesize";
import { eks, key, rewrite, type Row, statement, templates } from "./subject";

/** Keys, and what they encrypt. */
export const encryption: readonly Row[] = [
  {
    id: "KMS-01",
    holds: (subject) => {
      expect(eks(subject).encryption_config).toEqual({
        provider: { key_arn: expect.stringMatching(/^\$\{aws_kms_key\.encryption_key_\w+\.arn\}$/) },
        resources: ["secrets"],
      });
      expect(key(subject)).toMatchObject({
        key_usage: "ENCRYPT_DECRYPT",
        customer_master_key_spec: "SYMMETRIC_DEFAULT",
      });
    },
    breaks: {
      "no encryption": (subject) => {
        delete eks(subject).encryption_config;
      },
      "an asymmetric key": (subject) => {
        key(subject).customer_master_key_spec = "RSA_2048";
      },
    },
  },
  {
    id: "KMS-02",
    holds: ({ bootstrap, network, cluster }) => {
      const keys = [bootstrap, network, cluster].flatMap((stack) => resources(stack, "aws_kms_key"));
      expect(keys.map((one) => one.enable_key_rotation)).toEqual([true, true, true]);
    },
    breaks: {
      "no rotation": (subject) => {
        key(subject).enable_key_rotation = false;
      },
    },
  },
  {
    id: "KMS-03",
    holds: ({ bootstrap, network, cluster }) => {
      const keys = [bootstrap, network, cluster].flatMap((stack) => resources(stack, "aws_kms_key"));
      expect(keys.map((one) => one.deletion_window_in_days)).toEqual([7, 7, 7]);
    },
    breaks: {
      "30 days": (subject) => {
        key(subject).deletion_window_in_days = 30;
      },
    },
  },
  {
    id: "KMS-04",
    holds: (subject) => {
      const statements = policy(key(subject).policy).Statement;
      expect(statements.map((one: Json) => one.Sid)).toEqual(["AccountRoot", "ClusterRole", "CloudWatchLogs"]);
      const [root, clusterRole, logs] = statements;
      expect(root.Principal).toEqual({ AWS: expect.stringMatching(/^arn:aws:iam::\$\{.*\}:root$/) });
      expect(clusterRole.Principal).toEqual({
        AWS: expect.stringMatching(/^\$\{aws_iam_role\.encryption_cluster-role_\w+\.arn\}$/),
      });
      expect(logs.Principal).toEqual({ Service: "logs.us-east-1.amazonaws.com" });
      expect(Object.keys(logs.Condition)).toEqual(["ArnEquals"]);
      expect(logs.Condition.ArnEquals["kms:EncryptionContext:aws:logs:arn"]).toMatch(
        /^arn:aws:logs:us-east-1:\$\{.*\}:log-group:\/aws\/eks\/ml-platform-dev\/cluster$/,
      );
    },
    breaks: {
      "a further principal": (subject) =>
        rewrite(key(subject), "policy", (document) => {
          document.Statement.push({
            Sid: "Other",
            Effect: "Allow",
            Principal: "*",
            Action: "kms:Decrypt",
            Resource: "*",
          });
        }),
      "any log group": (subject) =>
        rewrite(key(subject), "policy", (document) => {
          delete statement(document, "CloudWatchLogs").Condition;
        }),
    },
  },
  {
    id: "KMS-05",
    holds: ({ givenKey }) => {
      const arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
      expect(givenKey.resource.aws_kms_key).toBeUndefined();
      expect(resources(givenKey, "aws_eks_cluster")[0].encryption_config.provider.key_arn).toBe(arn);
      expect(resources(givenKey, "aws_cloudwatch_log_group")[0].kms_key_id).toBe(arn);
    },
    breaks: {
      "a key all the same": ({ givenKey }) => {
        givenKey.resource.aws_kms_key = { key: {} };
      },
    },
  },
  {
    id: "KMS-06",
    holds: (subject) => {
      const [logGroup] = resources(subject.cluster, "aws_cloudwatch_log_group");
      expect(logGroup.name).toBe("/aws/eks/ml-platform-dev/cluster");
      expect(logGroup.kms_key_id).toBe(eks(subject).encryption_config.provider.key_arn);
      expect(eks(subject).depends_on).toContainEqual(expect.stringMatching(/^aws_cloudwatch_log_group\./));
    },
    breaks: {
      "an unencrypted log group": ({ cluster }) => {
        delete resources(cluster, "aws_cloudwatch_log_group")[0].kms_key_id;
      },
      "EKS makes the log group first": (subject) => {
        eks(subject).depends_on = [];
      },
    },
  },
  {
    id: "EBS-01",
    holds: (subject) =>
      templates(subject).forEach(({ block_device_mappings }) => {
        expect(block_device_mappings.length).toBeGreaterThan(0);
        for (const { ebs } of block_device_mappings) {
          expect(ebs.encrypted).toBe("true");
        }
      }),
    breaks: {
      "not encrypted": (subject) => {
        templates(subject)[0].block_device_mappings[0].ebs.encrypted = "false";
      },
      "the AMI's own volume": (subject) => {
        templates(subject)[2].block_device_mappings = [];
      },
    },
  },
];
