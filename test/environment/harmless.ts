// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Json } from "../templates/synthesize";
import type { BrokenPlatform } from "./broken-platform";

/** A change that breaks no control, though a rule looks at what it changes. */
export interface Harmless {
  readonly how: string;
  readonly on?: string;
  apply(platform: BrokenPlatform): void;
}

const OPEN = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] });
const key = (p: BrokenPlatform): Json => p.one("cluster", "aws_kms_key");

export const harmless: readonly Harmless[] = [
  {
    how: "the policy of the cluster's key refuses something to everybody",
    apply: (p) =>
      p.document(key(p), "policy", (d) =>
        d.Statement.push({ Effect: "Deny", Principal: "*", Action: "kms:ScheduleKeyDeletion", Resource: "*" }),
      ),
  },
  {
    how: "the policy of the cluster's key is the one that AWS gives a key without any",
    apply: (p) => {
      delete key(p).policy;
    },
  },
  {
    how: "a grant lets somebody use another key",
    apply: (p) => p.beside("aws_kms_grant", { key_id: "1234abcd-12ab-34cd-56ef-1234567890ab", grantee_principal: "x" }),
  },
  {
    how: "the policy of another key admits everybody",
    apply: (p) => p.beside("aws_kms_key_policy", { key_id: "1234abcd-12ab-34cd-56ef-1234567890ab", policy: OPEN }),
  },
  {
    how: "another stack starts an instance as the platform starts its own",
    apply: (p) =>
      p.beside("aws_instance", {
        associate_public_ip_address: false,
        metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
        root_block_device: { encrypted: true },
      }),
  },
  {
    how: "another stack makes an encrypted volume",
    apply: (p) => p.beside("aws_ebs_volume", { size: 10, availability_zone: "us-east-1a", encrypted: true }),
  },
  {
    how: "a security group that no node has reaches everything",
    apply: (p) =>
      p.beside("aws_security_group", {
        vpc_id: "vpc-1",
        egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
      }),
  },
  {
    how: "the endpoints' group may answer within the VPC",
    apply: (p) =>
      p.add("network", "aws_vpc_security_group_egress_rule", {
        security_group_id: p.ref("network", "aws_security_group", "id"),
        ip_protocol: "tcp",
        from_port: 1024,
        to_port: 65_535,
        cidr_ipv4: "10.20.0.0/16",
      }),
  },
  {
    how: "a template has an instance store",
    apply: (p) =>
      p.one("cluster", "aws_launch_template", "pool-cpu").block_device_mappings.push({
        device_name: "/dev/xvdb",
        virtual_name: "ephemeral0",
      }),
  },
  ...(
    [
      ["a namespace of another name is privileged", { kind: "Namespace", name: "other", enforce: "privileged" }],
      ["another kind has the label of a namespace", { kind: "ConfigMap", name: "ray", enforce: "privileged" }],
      ["Ray's namespace is restricted once more", { kind: "Namespace", name: "ray", enforce: "restricted" }],
    ] as const
  ).map(
    ([how, { kind, name, enforce }]): Harmless => ({
      how,
      apply: (p) =>
        p.add("workloads", "kubernetes_manifest", {
          manifest: {
            apiVersion: "v1",
            kind,
            metadata: { name, labels: { "pod-security.kubernetes.io/enforce": enforce } },
          },
        }),
    }),
  ),
  {
    how: "Ray's namespace has further labels",
    apply: (p) =>
      p.add("workloads", "kubernetes_manifest", {
        manifest: {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "ray", labels: { "pod-security.kubernetes.io/enforce": "restricted", team: "ml" } },
        },
      }),
  },
  {
    how: "another namespace gets a network policy",
    apply: (p) =>
      p.add("workloads", "kubernetes_manifest", {
        manifest: {
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          metadata: { name: "mine", namespace: "other" },
          spec: { podSelector: {} },
        },
      }),
  },
  {
    how: "a CPU worker states that it has no GPU, and tolerates a taint of its own",
    apply: (p) =>
      p.values("ray", (v) => {
        const spec = v.rayCluster.spec.workerGroupSpecs[0].template.spec;
        spec.containers[0].resources.limits["nvidia.com/gpu"] = 0;
        spec.tolerations = [{ key: "team", operator: "Equal", value: "ml", effect: "NoSchedule" }];
      }),
  },
];
