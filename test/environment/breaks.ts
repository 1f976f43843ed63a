// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Json } from "../templates/synthesize";
import type { BrokenPlatform } from "./broken-platform";

/** A way to break one control through a door that is open to users. */
export interface Break {
  /** Control that must turn red, and no other. */
  readonly red: string;
  readonly how: string;
  /** Option set that is broken; default: `default`. */
  readonly on?: string;
  apply(platform: BrokenPlatform): void;
}

const ANYBODY = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
const allow = (Action: string, Resource = "*") =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });

/** Adds a statement to the trust policy of a role. */
const trust =
  (layer: string, path: string, change: (statement: Json, document: Json) => void) =>
  (p: BrokenPlatform): void =>
    p.document(p.one(layer, "aws_iam_role", path), "assume_role_policy", (document) =>
      change(document.Statement[0], document),
    );

/** Changes the role's inline policy. */
const inline =
  (path: string, change: (statements: Json[]) => void) =>
  (p: BrokenPlatform): void =>
    p.document(p.one("cluster", "aws_iam_role_policy", path), "policy", (document) => change(document.Statement));

const attach = (layer: string, path: string, policy_arn: string) => (p: BrokenPlatform) =>
  p.add(layer, "aws_iam_role_policy_attachment", { role: p.ref(layer, "aws_iam_role", "name", path), policy_arn });

const cluster = (p: BrokenPlatform): Json => p.one("cluster", "aws_eks_cluster");
const template = (p: BrokenPlatform): Json => p.one("cluster", "aws_launch_template", "pool-cpu");
const group = (p: BrokenPlatform, pool = "pool-cpu"): Json => p.one("cluster", "aws_eks_node_group", pool);
const nodeGroupOf = (p: BrokenPlatform): string => p.ref("cluster", "aws_security_group", "id");
const worker = (values: Json, number = 0): Json => values.rayCluster.spec.workerGroupSpecs[number].template.spec;
const key = (p: BrokenPlatform): Json => p.one("cluster", "aws_kms_key");
const sub = (statement: Json): string =>
  Object.keys(statement.Condition.StringEquals).find((name) => name.endsWith(":sub")) ?? "";
const aud = (statement: Json): string =>
  Object.keys(statement.Condition.StringEquals).find((name) => name.endsWith(":aud")) ?? "";

const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const BOUNDARY = "arn:aws:iam::111122223333:policy/ml-platform-prod/bootstrap/ml-platform-prod-boundary";

/** Every break, by control. */
export const breaks: readonly Break[] = [
  // Secrets, keys and logs
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

  // State and transport
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
          Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }],
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

  // The cluster
  {
    red: "EKS-01",
    how: "the private endpoint is off",
    apply: (p) => {
      cluster(p).vpc_config.endpoint_private_access = false;
    },
  },
  {
    red: "EKS-01",
    how: "the private endpoint is left to the provider",
    apply: (p) => {
      delete cluster(p).vpc_config.endpoint_private_access;
    },
  },
  {
    red: "EKS-01",
    how: "a variable decides on the private endpoint",
    apply: (p) => {
      cluster(p).vpc_config.endpoint_private_access = "${var.private}";
    },
  },
  {
    red: "EKS-02",
    how: "the public endpoint is on",
    apply: (p) => {
      cluster(p).vpc_config.endpoint_public_access = true;
    },
  },
  {
    red: "EKS-02",
    how: "the public endpoint is left to the provider, which opens it",
    apply: (p) => {
      delete cluster(p).vpc_config.endpoint_public_access;
    },
  },
  {
    red: "EKS-02",
    how: "the public endpoint admits a network that no option names",
    on: "public endpoint",
    apply: (p) => cluster(p).vpc_config.public_access_cidrs.push("203.0.113.0/24"),
  },
  {
    red: "EKS-02",
    how: "the public endpoint admits everybody",
    on: "public endpoint",
    apply: (p) => {
      cluster(p).vpc_config.public_access_cidrs = ["0.0.0.0/0"];
    },
  },
  {
    red: "EKS-03",
    how: "the audit log is off",
    apply: (p) => {
      cluster(p).enabled_cluster_log_types = ["api"];
    },
  },
  { red: "EKS-03", how: "one of five logs is off", apply: (p) => cluster(p).enabled_cluster_log_types.pop() },
  {
    red: "EKS-03",
    how: "no log is sent",
    apply: (p) => {
      cluster(p).enabled_cluster_log_types = [];
    },
  },
  {
    red: "EKS-04",
    how: "the creator is an administrator",
    apply: (p) => {
      cluster(p).access_config.bootstrap_cluster_creator_admin_permissions = true;
    },
  },
  {
    red: "EKS-04",
    how: "a config map admits people too",
    apply: (p) => {
      cluster(p).access_config.authentication_mode = "API_AND_CONFIG_MAP";
    },
  },
  {
    red: "EKS-04",
    how: "access is left to the provider",
    apply: (p) => {
      delete cluster(p).access_config;
    },
  },

  // Nodes
  {
    red: "IMDS-01",
    how: "the metadata service answers without a token",
    apply: (p) => {
      template(p).metadata_options.http_tokens = "optional";
    },
  },
  {
    red: "IMDS-01",
    how: "tokens are left to the account",
    apply: (p) => {
      delete template(p).metadata_options.http_tokens;
    },
  },
  {
    red: "IMDS-01",
    how: "another stack starts an instance without tokens",
    apply: (p) => p.beside("aws_instance", { metadata_options: { http_put_response_hop_limit: 1 } }),
  },
  {
    red: "IMDS-01",
    how: "a launch configuration, the older type, asks for no token",
    apply: (p) =>
      p.beside("aws_launch_configuration", {
        metadata_options: { http_tokens: "optional", http_put_response_hop_limit: 1 },
      }),
  },
  {
    red: "IMDS-02",
    how: "pods are within reach of the metadata service",
    apply: (p) => {
      template(p).metadata_options.http_put_response_hop_limit = 2;
    },
  },
  {
    red: "IMDS-02",
    how: "the hops are left to the account",
    apply: (p) => {
      delete template(p).metadata_options.http_put_response_hop_limit;
    },
  },
  {
    red: "IMDS-02",
    how: "the GPU pool's template allows more hops",
    apply: (p) => {
      p.one("cluster", "aws_launch_template", "pool-gpu").metadata_options.http_put_response_hop_limit = "64";
    },
  },
  {
    red: "IMDS-03",
    how: "a node group has no launch template",
    apply: (p) => {
      delete group(p).launch_template;
    },
  },
  {
    red: "IMDS-03",
    how: "a node group names a template that no stack makes",
    apply: (p) => {
      group(p).launch_template = { id: "lt-0123456789abcdef0", version: "1" };
    },
  },
  {
    red: "IMDS-03",
    how: "another stack makes a node group without a launch template",
    apply: (p) =>
      p.beside("aws_eks_node_group", {
        cluster_name: "ml-platform-prod",
        node_role_arn: "x",
        instance_types: ["m5.large"],
        subnet_ids: [],
      }),
  },
  {
    red: "NODE-01",
    how: "GPU nodes have no taint",
    apply: (p) => {
      delete group(p, "pool-gpu").taint;
    },
  },
  {
    red: "NODE-01",
    how: "the taint only prefers",
    apply: (p) => {
      group(p, "pool-gpu").taint = { key: "nvidia.com/gpu", value: "true", effect: "PREFER_NO_SCHEDULE" };
    },
  },
  {
    red: "NODE-01",
    how: "the taint has another key",
    apply: (p) => {
      group(p, "pool-gpu").taint = [{ key: "gpu", value: "true", effect: "NO_SCHEDULE" }];
    },
  },
  {
    red: "NODE-01",
    how: "another stack makes a GPU group without a taint",
    apply: (p) => {
      p.across("cluster", "aws_launch_template", "id");
      p.beside("aws_eks_node_group", {
        instance_types: ["g5.xlarge"],
        launch_template: { id: p.across("cluster", "aws_launch_template", "id") },
        node_role_arn: "x",
        subnet_ids: [],
      });
    },
  },
  {
    red: "NODE-02",
    how: "a CPU worker tolerates the GPU taint",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }];
      }),
  },
  {
    red: "NODE-02",
    how: "the head tolerates every taint",
    apply: (p) =>
      p.values("ray", (v) => {
        v.rayCluster.spec.headGroupSpec.template.spec.tolerations = [{ operator: "Exists" }];
      }),
  },
  {
    red: "NODE-02",
    how: "a GPU worker does not tolerate the taint",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v, 1).tolerations = [];
      }),
  },
  {
    red: "NODE-02",
    how: "a GPU worker selects no pool",
    apply: (p) =>
      p.values("ray", (v) => {
        delete worker(v, 1).nodeSelector;
      }),
  },
  {
    red: "EBS-01",
    how: "a node volume is not encrypted",
    apply: (p) => {
      template(p).block_device_mappings[0].ebs.encrypted = "false";
    },
  },
  {
    red: "EBS-01",
    how: "encryption is left to the account",
    apply: (p) => {
      delete template(p).block_device_mappings[0].ebs.encrypted;
    },
  },
  {
    red: "EBS-01",
    how: "a second volume is not encrypted",
    apply: (p) => template(p).block_device_mappings.push({ device_name: "/dev/xvdb", ebs: { volume_size: 10 } }),
  },
  {
    red: "EBS-01",
    how: "no volume is stated",
    apply: (p) => {
      delete template(p).block_device_mappings;
    },
  },
  {
    red: "EBS-01",
    how: "another stack makes a plain volume",
    apply: (p) => p.beside("aws_ebs_volume", { size: 10, availability_zone: "us-east-1a" }),
  },
  {
    red: "EBS-01",
    how: "an instance has a plain root volume",
    apply: (p) =>
      p.beside("aws_instance", {
        metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
        root_block_device: { volume_size: 10 },
      }),
  },

  // The network
  {
    red: "NET-01",
    how: "nodes reach everything",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-10").cidr_ipv4 = "0.0.0.0/0";
    },
  },
  {
    red: "NET-01",
    how: "nodes reach everything over IPv6",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_egress_rule", {
        security_group_id: nodeGroupOf(p),
        cidr_ipv6: "::/0",
        ip_protocol: "-1",
      }),
  },
  {
    red: "NET-01",
    how: "the older resource type opens egress",
    apply: (p) =>
      p.add("cluster", "aws_security_group_rule", {
        security_group_id: nodeGroupOf(p),
        type: "egress",
        protocol: "-1",
        from_port: 0,
        to_port: 0,
        cidr_blocks: ["0.0.0.0/0"],
      }),
  },
  {
    red: "NET-01",
    how: "an inline rule opens egress",
    apply: (p) => {
      p.one("cluster", "aws_security_group").egress = [
        { protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] },
      ];
    },
  },
  {
    red: "NET-01",
    how: "another stack opens egress",
    apply: (p) =>
      p.beside("aws_vpc_security_group_egress_rule", {
        security_group_id: p.across("cluster", "aws_security_group", "id"),
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "-1",
      }),
  },
  {
    red: "NET-01",
    how: "half of the internet is named",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-192").cidr_ipv4 = "128.0.0.0/1";
    },
  },
  {
    red: "NET-01",
    how: "nodes are in another group besides",
    apply: (p) => template(p).vpc_security_group_ids.push("sg-0123456789abcdef0"),
  },
  {
    red: "NET-01",
    how: "nodes get the cluster's own group",
    apply: (p) => {
      delete template(p).vpc_security_group_ids;
      delete template(p).network_interfaces;
    },
  },
  {
    red: "NET-01",
    how: "S3's rule names another prefix list",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-s3").prefix_list_id = "pl-12345678";
    },
  },
  {
    red: "NET-02",
    how: "nodes admit the VPC",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_ingress_rule", {
        security_group_id: nodeGroupOf(p),
        cidr_ipv4: "10.0.0.0/16",
        ip_protocol: "-1",
      }),
  },
  {
    red: "NET-02",
    how: "the control plane reaches SSH",
    apply: (p) => {
      Object.assign(p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250"), { from_port: 22, to_port: 22 });
    },
  },
  {
    red: "NET-02",
    how: "the control plane reaches every port",
    apply: (p) => {
      Object.assign(p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250"), { from_port: 0, to_port: 65535 });
    },
  },
  {
    red: "NET-02",
    how: "the older resource type admits a private range",
    apply: (p) =>
      p.add("cluster", "aws_security_group_rule", {
        security_group_id: nodeGroupOf(p),
        type: "ingress",
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_blocks: ["10.1.0.0/16"],
      }),
  },
  {
    red: "NET-02",
    how: "an inline rule of the group admits another group",
    apply: (p) => {
      p.one("cluster", "aws_security_group").ingress = {
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        security_groups: ["sg-0123456789abcdef0"],
      };
    },
  },
  {
    red: "NET-03",
    how: "nodes admit the internet",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_ingress_rule", {
        security_group_id: nodeGroupOf(p),
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
      }),
  },
  {
    red: "NET-03",
    how: "the older resource type admits the internet",
    apply: (p) =>
      p.add("cluster", "aws_security_group_rule", {
        security_group_id: nodeGroupOf(p),
        type: "ingress",
        protocol: "-1",
        from_port: 0,
        to_port: 0,
        cidr_blocks: ["0.0.0.0/0"],
      }),
  },
  {
    red: "NET-03",
    how: "an inline rule admits the internet",
    apply: (p) => {
      p.one("network", "aws_security_group").ingress = [
        { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"] },
      ];
    },
  },
  {
    red: "NET-03",
    how: "the default group admits IPv6",
    apply: (p) => {
      p.one("network", "aws_default_security_group").ingress = [
        { protocol: "-1", from_port: 0, to_port: 0, ipv6_cidr_blocks: ["::/0"] },
      ];
    },
  },
  {
    red: "NET-03",
    how: "another stack makes an open group",
    apply: (p) =>
      p.beside("aws_security_group", {
        vpc_id: "x",
        ingress: { protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["198.51.100.0/24"] },
      }),
  },
  {
    red: "NET-03",
    how: "a stack of no environment opens a group",
    apply: (p) =>
      p.shared("aws_security_group_rule", {
        security_group_id: "sg-0123456789abcdef0",
        type: "ingress",
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_blocks: ["0.0.0.0/0"],
      }),
  },
  {
    red: "NET-04",
    how: "a subnet of nodes gives public addresses",
    apply: (p) => {
      p.one("network", "aws_subnet").map_public_ip_on_launch = true;
    },
  },
  {
    red: "NET-04",
    how: "a launch template gives public addresses",
    apply: (p) => {
      template(p).network_interfaces = [{ associate_public_ip_address: "true", security_groups: [nodeGroupOf(p)] }];
    },
  },
  {
    red: "NET-04",
    how: "nodes are routed to the internet gateway",
    apply: (p) => {
      p.add("network", "aws_internet_gateway", { vpc_id: "x" });
      p.add("network", "aws_route", {
        route_table_id: p.ref("network", "aws_route_table", "id"),
        destination_cidr_block: "0.0.0.0/0",
        gateway_id: "${aws_internet_gateway.broken-aws_internet_gateway.id}",
      });
    },
  },
  {
    red: "NET-04",
    how: "an inline route leads to the internet gateway",
    apply: (p) => {
      p.add("network", "aws_internet_gateway", { vpc_id: "x" });
      p.one("network", "aws_route_table").route = [
        { cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.broken-aws_internet_gateway.id}" },
      ];
    },
  },
  {
    red: "NET-05",
    how: "endpoints admit the whole VPC",
    apply: (p) => {
      p.one("network", "aws_vpc_security_group_ingress_rule").cidr_ipv4 = "10.0.0.0/16";
    },
  },
  {
    red: "NET-05",
    how: "endpoints admit every port",
    apply: (p) => {
      Object.assign(p.one("network", "aws_vpc_security_group_ingress_rule"), {
        ip_protocol: "-1",
        from_port: undefined,
        to_port: undefined,
      });
    },
  },
  {
    red: "NET-05",
    how: "the older resource type opens the endpoints",
    apply: (p) =>
      p.add("network", "aws_security_group_rule", {
        security_group_id: p.ref("network", "aws_security_group", "id"),
        type: "ingress",
        protocol: "tcp",
        from_port: 443,
        to_port: 443,
        cidr_blocks: ["192.168.0.0/16"],
      }),
  },
  { red: "NET-05", how: "an endpoint is missing", apply: (p) => p.remove("network", "aws_vpc_endpoint", "/kms") },
  {
    red: "NET-05",
    how: "an endpoint does not answer under the API's name",
    apply: (p) => {
      p.one("network", "aws_vpc_endpoint", "/sts").private_dns_enabled = false;
    },
  },
  { red: "NET-06", how: "traffic is not logged", apply: (p) => p.remove("network", "aws_flow_log") },
  {
    red: "NET-06",
    how: "only refused traffic is logged",
    apply: (p) => {
      p.one("network", "aws_flow_log").traffic_type = "REJECT";
    },
  },
  {
    red: "NET-06",
    how: "flow logs are not encrypted",
    apply: (p) => {
      delete p.one("network", "aws_cloudwatch_log_group").kms_key_id;
    },
  },
  {
    red: "NET-06",
    how: "another stack makes a VPC without flow logs",
    apply: (p) => p.beside("aws_vpc", { cidr_block: "10.9.0.0/16" }),
  },

  // GitHub Actions
  { red: "OIDC-01", how: "a stack makes a user", apply: (p) => p.add("bootstrap", "aws_iam_user", { name: "ci" }) },
  {
    red: "OIDC-01",
    how: "another stack makes an access key",
    apply: (p) => p.beside("aws_iam_access_key", { user: "ci" }),
  },
  {
    red: "OIDC-01",
    how: "a stack of no environment gives a user a password",
    apply: (p) => p.shared("aws_iam_user_login_profile", { user: "ci" }),
  },
  {
    red: "OIDC-02",
    how: "every repository of the owner is trusted",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Condition.StringLike = { [sub(s)]: "repo:acme/*" };
      delete s.Condition.StringEquals[sub(s)];
    }),
  },
  {
    red: "OIDC-02",
    how: "a subject has a wildcard",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:*";
    }),
  },
  {
    red: "OIDC-02",
    how: "the audience is not compared",
    apply: trust("bootstrap", "github/drift", (s) => {
      delete s.Condition.StringEquals[aud(s)];
    }),
  },
  {
    red: "OIDC-02",
    how: "the trust policy has no condition",
    apply: trust("bootstrap", "github/mirror", (s) => {
      delete s.Condition;
    }),
  },
  {
    red: "OIDC-02",
    how: "everybody may assume the role",
    apply: trust("bootstrap", "github/apply", (_, d) =>
      d.Statement.push({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
    ),
  },
  {
    red: "OIDC-02",
    how: "a repository of another owner is trusted besides",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Condition.StringEquals[sub(s)] = [s.Condition.StringEquals[sub(s)], "repo:evil/ml-platform:pull_request"];
    }),
  },
  {
    red: "OIDC-02",
    how: "another stack makes a role for another repository",
    apply: (p) =>
      p.beside("aws_iam_role", {
        name: "x",
        permissions_boundary: BOUNDARY,
        assume_role_policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {
                  "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                  "token.actions.githubusercontent.com:sub": "repo:acme/other:ref:refs/heads/main",
                },
              },
            },
          ],
        }),
      }),
  },
  {
    red: "OIDC-02",
    how: "where ids are known, the repository is trusted by its name",
    on: "immutable subjects",
    apply: trust("bootstrap", "github/drift", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:acme/ml-platform:ref:refs/heads/main";
    }),
  },
  {
    red: "OIDC-03",
    how: "pull requests may assume the role that writes",
    apply: trust("bootstrap", "github/apply", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:acme/ml-platform:pull_request";
    }),
  },
  {
    red: "OIDC-03",
    how: "another GitHub environment may assume the role that writes",
    apply: trust("bootstrap", "github/apply", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:acme/ml-platform:environment:dev";
    }),
  },
  {
    red: "OIDC-03",
    how: "the role for pull requests changes the cluster",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", {
        role: p.ref("bootstrap", "aws_iam_role", "name", "github/plan"),
        policy: allow("eks:*"),
      }),
  },
  {
    red: "OIDC-03",
    how: "the role for pull requests is administrator",
    apply: attach("bootstrap", "github/plan", ADMINISTRATOR),
  },
  {
    red: "OIDC-03",
    how: "the role for drift enters another role",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", { role: "ml-platform-prod-drift", policy: allow("sts:AssumeRole") }),
  },
  {
    red: "OIDC-03",
    how: "a list of roles gets a policy of AWS",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_policy_attachment", {
        name: "x",
        roles: ["ml-platform-prod-plan"],
        policy_arn: "arn:aws:iam::aws:policy/PowerUserAccess",
      }),
  },

  // Roles of the environment
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

  // Roles of service accounts
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

  // Pods of Ray
  {
    red: "POD-01",
    how: "a pod runs as root",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).securityContext.runAsUser = 0;
      }),
  },
  {
    red: "POD-01",
    how: "a container runs as root",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.runAsUser = 0;
      }),
  },
  {
    red: "POD-01",
    how: "a pod may run as root",
    apply: (p) =>
      p.values("ray", (v) => {
        delete worker(v).securityContext.runAsNonRoot;
      }),
  },
  {
    red: "POD-01",
    how: "a Helm setting changes the user",
    apply: (p) => {
      p.one("workloads", "helm_release", "/ray").set = [
        { name: "rayCluster.spec.headGroupSpec.template.spec.securityContext.runAsUser", value: "0" },
      ];
    },
  },
  {
    red: "POD-01",
    how: "a second document of values changes the group",
    apply: (p) =>
      p.one("workloads", "helm_release", "/ray").values.push(
        JSON.stringify({
          rayCluster: { spec: { headGroupSpec: { template: { spec: { securityContext: { fsGroup: 0 } } } } } },
        }),
      ),
  },
  {
    red: "POD-02",
    how: "a container escalates privileges",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.allowPrivilegeEscalation = true;
      }),
  },
  {
    red: "POD-02",
    how: "a container keeps its capabilities",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.capabilities = { drop: ["NET_RAW"] };
      }),
  },
  {
    red: "POD-02",
    how: "a container adds a capability",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).containers[0].securityContext.capabilities.add = ["SYS_ADMIN"];
      }),
  },
  {
    red: "POD-02",
    how: "an init container is privileged",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).initContainers = [{ name: "init", securityContext: { privileged: true } }];
      }),
  },
  {
    red: "POD-02",
    how: "a pod mounts the node's files",
    apply: (p) =>
      p.values("ray", (v) => {
        worker(v).volumes = [{ name: "host", hostPath: { path: "/" } }];
      }),
  },
  {
    red: "POD-02",
    how: "another stack makes a Ray cluster without a seccomp profile",
    apply: (p) =>
      p.beside("kubernetes_manifest", {
        manifest: {
          apiVersion: "ray.io/v1",
          kind: "RayCluster",
          metadata: { name: "x", namespace: "ray" },
          spec: {
            authOptions: { mode: "token" },
            headGroupSpec: {
              template: {
                spec: {
                  securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, runAsNonRoot: true },
                  containers: [
                    {
                      name: "ray",
                      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                    },
                  ],
                },
              },
            },
          },
        },
      }),
  },
  {
    red: "POD-03",
    how: "the namespace is privileged",
    apply: (p) =>
      p.values("cluster-base", (v) => {
        v.namespaces[1].podSecurity = "privileged";
      }),
  },
  {
    red: "POD-03",
    how: "a Helm setting makes the namespace privileged",
    apply: (p) => {
      p.one("workloads", "helm_release", "cluster-base").set = [
        { name: "namespaces[1].podSecurity", value: "privileged" },
      ];
    },
  },
  {
    red: "POD-03",
    how: "nothing makes the namespace",
    apply: (p) => p.values("cluster-base", (v) => v.namespaces.splice(1, 1)),
  },
  {
    red: "POD-03",
    how: "another stack labels the namespace privileged",
    apply: (p) =>
      p.beside("kubernetes_labels", {
        api_version: "v1",
        kind: "Namespace",
        metadata: { name: "ray" },
        labels: { "pod-security.kubernetes.io/enforce": "privileged" },
      }),
  },
  {
    red: "POD-03",
    how: "a resource makes the namespace privileged",
    apply: (p) =>
      p.add("workloads", "kubernetes_namespace_v1", {
        metadata: { name: "ray", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
      }),
  },
  {
    red: "POD-03",
    how: "a manifest makes the namespace privileged",
    apply: (p) =>
      p.add("workloads", "kubectl_manifest", {
        yaml_body:
          "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ray\n  labels:\n    pod-security.kubernetes.io/enforce: privileged\n",
      }),
  },
  {
    red: "POD-04",
    how: "there is no network policy",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy = null;
      }),
  },
  {
    red: "POD-04",
    how: "pods reach what no option names",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy.egress = [{ cidr: "0.0.0.0/0", ports: [443] }];
      }),
  },
  {
    red: "POD-04",
    how: "everything is an address of the API server",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy.apiServerCidrs = ["0.0.0.0/0"];
      }),
  },
  {
    red: "POD-04",
    how: "another namespace is the operator's",
    apply: (p) =>
      p.values("ray", (v) => {
        v.networkPolicy.operatorNamespace = "default";
      }),
  },
  {
    red: "POD-04",
    how: "another stack allows all traffic",
    apply: (p) =>
      p.beside("kubernetes_network_policy_v1", {
        metadata: { name: "x", namespace: "ray" },
        spec: { pod_selector: {}, policy_types: ["Egress"], egress: {} },
      }),
  },
  {
    red: "RAY-01",
    how: "the Ray cluster asks for no token",
    apply: (p) =>
      p.values("ray", (v) => {
        delete v.rayCluster.spec.authOptions;
      }),
  },
  {
    red: "RAY-01",
    how: "the token is switched off",
    apply: (p) =>
      p.values("ray", (v) => {
        v.rayCluster.spec.authOptions.mode = "disabled";
      }),
  },
  {
    red: "RAY-01",
    how: "a Helm setting switches the token off",
    apply: (p) => {
      p.one("workloads", "helm_release", "/ray").set_sensitive = [
        { name: "rayCluster.spec.authOptions.mode", value: "disabled" },
      ];
    },
  },
];
