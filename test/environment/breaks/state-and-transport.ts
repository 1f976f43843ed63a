// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";

/** State and transport. */
export const stateAndTransportBreaks: readonly Break[] = [
  {
    red: "STATE-01",
    how: "public access to the state is not blocked",
    apply: (p) => p.remove("bootstrap", "aws_s3_bucket_public_access_block"),
  },
  {
    red: "STATE-01",
    how: "one of four blocks of public access is off",
    apply: (p) => {
      p.one("bootstrap", "aws_s3_bucket_public_access_block").restrict_public_buckets = false;
    },
  },
  {
    red: "STATE-01",
    how: "another stack opens public access to the state",
    apply: (p) =>
      p.beside("aws_s3_bucket_public_access_block", {
        bucket: "acme-ml-platform-prod-tfstate-111122223333",
        block_public_acls: false,
      }),
  },
  {
    red: "STATE-01",
    how: "the state bucket's list is public",
    apply: (p) =>
      p.add("bootstrap", "aws_s3_bucket_acl", {
        bucket: p.ref("bootstrap", "aws_s3_bucket", "id"),
        acl: "public-read",
      }),
  },
  {
    red: "STATE-01",
    how: "the bucket's own argument makes it public",
    apply: (p) => {
      p.one("bootstrap", "aws_s3_bucket").acl = "public-read-write";
    },
  },
  {
    red: "STATE-01",
    how: "a policy of another stack admits everybody to the state",
    apply: (p) =>
      p.beside("aws_s3_bucket_policy", {
        bucket: p.across("bootstrap", "aws_s3_bucket", "id"),
        policy: JSON.stringify({
          Statement: [
            { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "*",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      }),
  },
  {
    red: "STATE-01",
    how: "a policy admits another account to the state",
    apply: (p) =>
      p.document(p.one("bootstrap", "aws_s3_bucket_policy"), "policy", (d) =>
        d.Statement.push({ Effect: "Allow", Principal: { AWS: "999999999999" }, Action: "s3:*", Resource: "*" }),
      ),
  },
  {
    red: "STATE-01",
    how: "the state is not versioned",
    apply: (p) => {
      p.one("bootstrap", "aws_s3_bucket_versioning").versioning_configuration.status = "Suspended";
    },
  },
  {
    red: "STATE-01",
    how: "the state is encrypted with S3's own key",
    apply: (p) => {
      p.one("bootstrap", "aws_s3_bucket_server_side_encryption_configuration").rule = [
        { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
      ];
    },
  },
  {
    red: "STATE-01",
    how: "nothing makes versions of the state",
    apply: (p) => p.remove("bootstrap", "aws_s3_bucket_versioning"),
  },
  {
    red: "STATE-01",
    how: "nothing says how the state is encrypted",
    apply: (p) => p.remove("bootstrap", "aws_s3_bucket_server_side_encryption_configuration"),
  },
  {
    red: "STATE-01",
    how: "the state is encrypted with S3's own key, beside which another is named",
    apply: (p) => {
      const [rule] = [p.one("bootstrap", "aws_s3_bucket_server_side_encryption_configuration").rule].flat();
      [rule.apply_server_side_encryption_by_default].flat()[0].sse_algorithm = "AES256";
    },
  },
  {
    red: "STATE-01",
    how: "the state is encrypted with a key that no stack makes",
    apply: (p) => {
      const [rule] = [p.one("bootstrap", "aws_s3_bucket_server_side_encryption_configuration").rule].flat();
      [rule.apply_server_side_encryption_by_default].flat()[0].kms_master_key_id = "alias/aws/s3";
    },
  },
  {
    red: "STATE-01",
    how: "a stack keeps its state in another kind of place, with the bucket's settings",
    apply: (p) => {
      const { backend } = p.stacks["prod-cluster"].terraform;
      p.stacks["prod-cluster"].terraform.backend = { gcs: backend.s3 };
    },
  },
  {
    red: "STATE-01",
    how: "lists decide who reads objects",
    apply: (p) => {
      p.one("bootstrap", "aws_s3_bucket_ownership_controls").rule.object_ownership = "ObjectWriter";
    },
  },
  {
    red: "STATE-01",
    how: "a stack keeps its state in a file",
    apply: (p) => {
      p.stacks["prod-cluster"].terraform.backend = { local: { path: "x.tfstate" } };
    },
  },
  {
    red: "STATE-01",
    how: "a stack does not lock its state",
    apply: (p) => {
      p.stacks["prod-workloads"].terraform.backend.s3.use_lockfile = false;
    },
  },
  {
    red: "STATE-01",
    how: "a stack keeps its state in another bucket",
    apply: (p) => {
      p.beside("null_resource", {});
      p.stacks["prod-extra"].terraform.backend.s3.bucket = "other";
    },
  },
  {
    red: "STATE-01",
    how: "public access to the bucket of logs is not blocked",
    on: "logs are kept",
    apply: (p) => p.remove("bootstrap", "aws_s3_bucket_public_access_block", "ray-logs/public-access"),
  },
  {
    red: "TLS-01",
    how: "the bucket of logs has no policy",
    on: "logs are kept",
    apply: (p) => p.remove("bootstrap", "aws_s3_bucket_policy", "ray-logs/policy"),
  },
  { red: "TLS-01", how: "the state bucket has no policy", apply: (p) => p.remove("bootstrap", "aws_s3_bucket_policy") },
  {
    red: "TLS-01",
    how: "the queue answers without TLS",
    apply: (p) =>
      p.document(p.one("cluster", "aws_sqs_queue_policy", "/queue-policy"), "policy", (d) => d.Statement.pop()),
  },
  {
    red: "TLS-01",
    how: "another condition narrows the refusal",
    apply: (p) =>
      p.document(p.one("bootstrap", "aws_s3_bucket_policy"), "policy", (d) => {
        d.Statement[0].Condition.StringEquals = { "aws:PrincipalOrgID": "o-1" };
      }),
  },
  {
    red: "TLS-01",
    how: "the refusal is of what comes over TLS",
    apply: (p) =>
      p.document(p.one("bootstrap", "aws_s3_bucket_policy"), "policy", (d) => {
        d.Statement[0].Condition = { Bool: { "aws:SecureTransport": "true" } };
      }),
  },
  {
    red: "TLS-01",
    how: "the refusal is of one action",
    apply: (p) =>
      p.document(p.one("bootstrap", "aws_s3_bucket_policy"), "policy", (d) => {
        d.Statement[0].Action = "s3:GetObject";
      }),
  },
  {
    red: "TLS-01",
    how: "the refusal is of one principal",
    apply: (p) =>
      p.document(p.one("cluster", "aws_sqs_queue_policy", "dead-letters"), "policy", (d) => {
        d.Statement[0].Principal = { AWS: "arn:aws:iam::111122223333:user/x" };
      }),
  },
  {
    red: "TLS-01",
    how: "another stack makes a queue without the refusal",
    apply: (p) => p.beside("aws_sqs_queue", { name: "jobs", sqs_managed_sse_enabled: true }),
  },
  {
    red: "SQS-01",
    how: "the queue is not encrypted",
    apply: (p) => {
      p.one("cluster", "aws_sqs_queue", "interruption/queue").sqs_managed_sse_enabled = false;
    },
  },
  {
    red: "SQS-01",
    how: "dead letters are not encrypted",
    apply: (p) => {
      delete p.one("cluster", "aws_sqs_queue", "dead-letters").sqs_managed_sse_enabled;
    },
  },
  {
    red: "SQS-01",
    how: "the queue has no dead-letter queue",
    apply: (p) => {
      delete p.one("cluster", "aws_sqs_queue", "interruption/queue").redrive_policy;
    },
  },
  {
    red: "SQS-01",
    how: "anybody sends to the queue",
    apply: (p) =>
      p.document(p.one("cluster", "aws_sqs_queue_policy", "/queue-policy"), "policy", (d) => {
        d.Statement[0].Principal = "*";
      }),
  },
  {
    red: "SQS-01",
    how: "rules of any account send to the queue",
    apply: (p) =>
      p.document(p.one("cluster", "aws_sqs_queue_policy", "/queue-policy"), "policy", (d) => {
        delete d.Statement[0].Condition;
      }),
  },
  {
    red: "SQS-01",
    how: "a rule that no stack makes sends to the queue",
    apply: (p) =>
      p.document(p.one("cluster", "aws_sqs_queue_policy", "/queue-policy"), "policy", (d) =>
        d.Statement[0].Condition.ArnEquals["aws:SourceArn"].push("arn:aws:events:us-east-1:111122223333:rule/other"),
      ),
  },
];
