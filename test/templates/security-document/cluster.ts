// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Json, policy, resource, resources } from "../synthesize";
import { eks, rewrite, type Row, statement } from "./subject";

/** The control plane, and the queue that stops nodes. */
export const cluster: readonly Row[] = [
  {
    id: "EKS-01",
    holds: (subject) => {
      expect(eks(subject).vpc_config.endpoint_private_access).toBe(true);
      expect(resources(subject.publicEndpoint, "aws_eks_cluster")[0].vpc_config.endpoint_private_access).toBe(true);
    },
    breaks: {
      "public only": ({ publicEndpoint }) => {
        resources(publicEndpoint, "aws_eks_cluster")[0].vpc_config.endpoint_private_access = false;
      },
    },
  },
  {
    id: "EKS-02",
    holds: (subject) => {
      expect(eks(subject).vpc_config.endpoint_public_access).toBe(false);
      const named = resources(subject.publicEndpoint, "aws_eks_cluster")[0].vpc_config;
      expect(named).toMatchObject({ endpoint_public_access: true, public_access_cidrs: ["198.51.100.0/24"] });
    },
    breaks: {
      "left to the provider, which opens it": (subject) => {
        delete eks(subject).vpc_config.endpoint_public_access;
      },
      "open to the world": ({ publicEndpoint }) => {
        resources(publicEndpoint, "aws_eks_cluster")[0].vpc_config.public_access_cidrs = ["0.0.0.0/0"];
      },
    },
  },
  {
    id: "EKS-03",
    holds: (subject) => {
      expect([...eks(subject).enabled_cluster_log_types].sort()).toEqual([
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]);
    },
    breaks: {
      "no audit log": (subject) => {
        eks(subject).enabled_cluster_log_types = ["api"];
      },
    },
  },
  {
    id: "EKS-04",
    holds: (subject) => {
      expect(eks(subject).access_config).toEqual({
        authentication_mode: "API",
        bootstrap_cluster_creator_admin_permissions: false,
      });
      const cluster = resources(subject.cluster, "aws_eks_access_policy_association").filter(
        (one) => one.access_scope.type === "cluster",
      );
      const entries = cluster.map((one) => [one["//"].metadata.path.split("/").pop(), one.policy_arn.split("/").pop()]);
      expect(Object.fromEntries(entries)).toEqual({
        "administrator-policy": "AmazonEKSClusterAdminPolicy",
        "viewer-policy": "AmazonEKSViewPolicy",
        "apply-policy": "AmazonEKSClusterAdminPolicy",
      });
      // A role that was made again has another id, and the entry of the old one is dead.
      for (const one of resources(subject.cluster, "aws_eks_access_entry")) {
        expect(one.lifecycle.replace_triggered_by[0]).toMatch(/^terraform_data\./);
      }
    },
    breaks: {
      "the creator is administrator": (subject) => {
        eks(subject).access_config.bootstrap_cluster_creator_admin_permissions = true;
      },
      "aws-auth counts too": (subject) => {
        eks(subject).access_config.authentication_mode = "API_AND_CONFIG_MAP";
      },
      "plan has the whole cluster": ({ cluster }) => {
        resource(cluster, "aws_eks_access_policy_association", "plan-policy").access_scope = { type: "cluster" };
      },
    },
  },
  {
    id: "TLS-01",
    holds: ({ bootstrap, network, cluster, workloads }) => {
      const documents = [
        ...resources(bootstrap, "aws_s3_bucket_policy"),
        ...resources(cluster, "aws_sqs_queue_policy"),
        ...resources(network, "aws_vpc_endpoint").filter((endpoint) => endpoint.vpc_endpoint_type === "Gateway"),
      ];
      expect(documents.length).toBe(4);
      for (const document of documents) {
        expect(statement(policy(document.policy), "DenyInsecureTransport")).toMatchObject({
          Effect: "Deny",
          Principal: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        });
      }
      const [helm] = workloads.provider.helm;
      expect(helm.kubernetes.cluster_ca_certificate).toBe(
        "${data.terraform_remote_state.cluster.outputs.cluster_certificate_authority}",
      );
      expect(cluster.output.cluster_certificate_authority.value).toMatch(/^\$\{base64decode\(aws_eks_cluster\./);
      expect(helm.kubernetes.insecure).toBeUndefined();
    },
    breaks: {
      "a queue in clear text": ({ cluster }) => {
        rewrite(resources(cluster, "aws_sqs_queue_policy")[0], "policy", (document) => document.Statement.pop());
      },
      "the API's certificate unchecked": ({ workloads }) => {
        workloads.provider.helm[0].kubernetes.insecure = true;
      },
    },
  },
  {
    id: "SQS-01",
    holds: ({ cluster }) => {
      const queues = resources(cluster, "aws_sqs_queue");
      expect(queues.map((queue) => queue.sqs_managed_sse_enabled)).toEqual([true, true]);
      const queue = resource(cluster, "aws_sqs_queue", "interruption/queue");
      expect(policy(queue.redrive_policy).deadLetterTargetArn).toMatch(/^\$\{aws_sqs_queue\.interruption_dead-letters/);
      expect(resources(cluster, "aws_cloudwatch_event_rule").length).toBe(5);
      const document = policy(resource(cluster, "aws_sqs_queue_policy", "queue-policy").policy);
      const allowed = document.Statement.filter((one: Json) => one.Effect === "Allow");
      expect(allowed.length).toBe(1);
      expect(allowed[0].Principal).toEqual({ Service: "events.amazonaws.com" });
      expect(allowed[0].Condition.ArnEquals["aws:SourceArn"].map((arn: string) => arn.split("/").pop()).sort()).toEqual(
        resources(cluster, "aws_cloudwatch_event_rule")
          .map((rule) => rule.name)
          .sort(),
      );
    },
    breaks: {
      "not encrypted": ({ cluster }) => {
        resource(cluster, "aws_sqs_queue", "interruption/queue").sqs_managed_sse_enabled = false;
      },
      "anyone's rules": ({ cluster }) =>
        rewrite(resource(cluster, "aws_sqs_queue_policy", "queue-policy"), "policy", (document) => {
          delete statement(document, "OurRules").Condition;
        }),
      "no dead-letter queue": ({ cluster }) => {
        resource(cluster, "aws_sqs_queue", "interruption/queue").redrive_policy = "{}";
      },
    },
  },
];
