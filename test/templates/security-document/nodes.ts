// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Json, resources } from "../synthesize";
import { headSpec, isGpu, nodeGroups, type Row, templates, workers } from "./subject";

/** What a node is, and what it tells its pods. */
export const nodes: readonly Row[] = [
  {
    id: "IMDS-01",
    holds: (subject) =>
      templates(subject).forEach(({ metadata_options }) => {
        expect(metadata_options).toMatchObject({ http_endpoint: "enabled", http_tokens: "required" });
      }),
    breaks: {
      "tokens optional": (subject) => {
        templates(subject)[1].metadata_options.http_tokens = "optional";
      },
      "no metadata options": (subject) => {
        delete templates(subject)[0].metadata_options;
      },
    },
  },
  {
    id: "IMDS-02",
    holds: (subject) =>
      templates(subject).forEach(({ metadata_options }) => {
        expect(metadata_options.http_put_response_hop_limit).toBe(1);
      }),
    breaks: {
      "two hops": (subject) => {
        templates(subject)[0].metadata_options.http_put_response_hop_limit = 2;
      },
    },
  },
  {
    id: "IMDS-03",
    holds: (subject) => {
      const names = Object.keys(subject.cluster.resource.aws_launch_template);
      // One in each zone that has a share of its pool: cpu and gpu in three, gpu-on-demand in two.
      expect(nodeGroups(subject).length).toBe(8);
      for (const group of nodeGroups(subject)) {
        expect(names.map((name) => `\${aws_launch_template.${name}.id}`)).toContain(group.launch_template?.id);
        expect(group.disk_size).toBeUndefined();
        expect(group.remote_access).toBeUndefined();
      }
    },
    breaks: {
      "EKS's own template": (subject) => {
        delete nodeGroups(subject)[2].launch_template;
      },
    },
  },
  {
    id: "NODE-01",
    holds: (subject) => {
      const gpu = nodeGroups(subject).filter(isGpu);
      expect(gpu.length).toBe(5);
      for (const group of gpu) {
        expect(group.ami_type).toMatch(/NVIDIA$/);
        expect(group.taint).toEqual([{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }]);
        const tags = resources(subject.cluster, "aws_autoscaling_group_tag")
          .filter((one) => one["//"].metadata.path.startsWith(group["//"].metadata.path.replace(/\/node-group$/, "/")))
          .map((one) => `${one.tag.key}=${one.tag.value}`);
        const template = "k8s.io/cluster-autoscaler/node-template";
        expect(tags).toContain(`${template}/taint/nvidia.com/gpu=true:NoSchedule`);
        expect(tags).toContain(`${template}/resources/nvidia.com/gpu=1`);
        for (const [label, value] of Object.entries(group.labels)) {
          expect(tags).toContain(`${template}/label/${label}=${value}`);
        }
      }
    },
    breaks: {
      "no taint": (subject) => {
        nodeGroups(subject).filter(isGpu)[0].taint = [];
      },
      "the autoscaler does not know the taint": ({ cluster }) => {
        const [name] = Object.entries<Json>(cluster.resource.aws_autoscaling_group_tag).find(([, { tag }]) =>
          tag.key.includes("/taint/"),
        ) as [string, Json];
        delete cluster.resource.aws_autoscaling_group_tag[name];
      },
    },
  },
  {
    id: "NODE-02",
    holds: (subject) => {
      for (const group of workers(subject)) {
        const { containers, tolerations, nodeSelector } = group.template.spec;
        const gpus = Number(containers[0].resources.limits["nvidia.com/gpu"] ?? 0);
        expect(tolerations).toEqual(
          gpus > 0 ? [{ key: "nvidia.com/gpu", operator: "Equal", value: "true", effect: "NoSchedule" }] : [],
        );
        const labels = nodeGroups(subject).filter(
          (one) => one.labels["ray-platform/pool-group"] === nodeSelector["ray-platform/pool-group"],
        );
        expect(labels.length).toBeGreaterThan(0);
        expect(labels.every(isGpu)).toBe(gpus > 0);
      }
      expect(headSpec(subject).tolerations).toEqual([]);
    },
    breaks: {
      "a GPU worker without toleration": (subject) => {
        workers(subject)[1].template.spec.tolerations = [];
      },
      "the head tolerates GPU nodes": (subject) => {
        headSpec(subject).tolerations = [{ operator: "Exists" }];
      },
    },
  },
];
