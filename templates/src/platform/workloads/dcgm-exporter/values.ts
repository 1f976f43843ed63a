// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { tolerateGpuTaint } from "../gpu-nodes";
import { daemonRequests, type WorkloadValues } from "../workload-values";

/** GPU metrics from every GPU node. */
export const values: WorkloadValues = ({ environment, workload, image }) => {
  const { registry, repository, tag } = image("dcgm-exporter");
  return {
    image: { repository: `${registry}/${repository}`, tag },
    nodeSelector: { "nvidia.com/gpu.present": "true" },
    tolerations: tolerateGpuTaint,
    serviceMonitor: { enabled: "kube-prometheus-stack" in environment.workloads },
    resources: { requests: daemonRequests(workload), limits: { memory: "1Gi" } },
  };
};
