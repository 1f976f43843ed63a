// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { NodePoolConfig } from "../platform-config";

/** Label with the pool's name, by which the cluster autoscaler knows that its groups in several zones are alike. */
export const poolLabel = "ray-platform/pool";

/** Label that pods of a pool group select. */
export const poolGroupLabel = "ray-platform/pool-group";

/** Label by which the device plugin leaves out Bottlerocket, which brings its own. */
export const osLabel = "ray-platform/os";

/** All Kubernetes labels of a pool's nodes. GPU pools have the two that device plugin and autoscaler look for. */
export function nodeLabels(pool: NodePoolConfig): Record<string, string> {
  return {
    ...(pool.node.gpus === 0
      ? {}
      : {
          "nvidia.com/gpu.present": "true",
          "k8s.amazonaws.com/accelerator": `nvidia-${(pool.node.gpuModel ?? "gpu").toLowerCase()}`,
        }),
    ...pool.labels,
    [poolLabel]: pool.name,
    [poolGroupLabel]: pool.group,
    [osLabel]: pool.os,
  };
}
