// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { osLabel } from "../../cluster/node-labels";
import { tolerateGpuTaint } from "../gpu-nodes";
import { daemonRequests, type WorkloadValues } from "../workload-values";

/** On GPU nodes, but not on Bottlerocket, which has the device plugin built in. */
export const values: WorkloadValues = ({ workload, image }) => {
  const { registry, repository, tag } = image("nvidia-device-plugin");
  return {
    image: { repository: `${registry}/${repository}`, tag },
    gfd: { enabled: false },
    tolerations: tolerateGpuTaint,
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "nvidia.com/gpu.present", operator: "In", values: ["true"] },
                { key: osLabel, operator: "NotIn", values: ["bottlerocket"] },
              ],
            },
          ],
        },
      },
    },
    resources: { requests: daemonRequests(workload), limits: { memory: "256Mi" } },
  };
};
