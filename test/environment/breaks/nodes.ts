// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { group, template, worker } from "./tampering";

/** Nodes. */
export const nodesBreaks: readonly Break[] = [
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
];
