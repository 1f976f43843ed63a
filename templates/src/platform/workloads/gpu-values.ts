// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { osLabel } from "../cluster/node-labels";
import type { EnvironmentConfig } from "../platform-config";
import { mirroredImage } from "./images";

const tolerateGpuTaint = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

/** Values of NVIDIA's device plugin: on GPU nodes, but not on Bottlerocket, which has it built in. */
export function devicePluginValues(environment: EnvironmentConfig, imagePrefix: string): object {
  const { registry, repository, tag } = mirroredImage(environment, imagePrefix, "nvidia-device-plugin");
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
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
  };
}

/** Values of the DCGM exporter: GPU metrics from every GPU node. */
export function dcgmExporterValues(environment: EnvironmentConfig, imagePrefix: string): object {
  const { registry, repository, tag } = mirroredImage(environment, imagePrefix, "dcgm-exporter");
  return {
    image: { repository: `${registry}/${repository}`, tag },
    nodeSelector: { "nvidia.com/gpu.present": "true" },
    tolerations: tolerateGpuTaint,
    serviceMonitor: { enabled: environment.workloads.monitoring },
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } },
  };
}

/** Values of the EFA device plugin: on the instance types of the pools that have EFA interfaces. */
export function efaDevicePluginValues(environment: EnvironmentConfig, imagePrefix: string): object {
  const { registry, repository, tag } = mirroredImage(environment, imagePrefix, "aws-efa-k8s-device-plugin");
  const types = environment.pools.filter((pool) => pool.efaInterfaces > 0).flatMap((pool) => pool.instanceTypes);
  return {
    image: { repository: `${registry}/${repository}`, tag },
    supportedInstanceLabels: { keys: ["node.kubernetes.io/instance-type"], values: [...new Set(types)] },
    tolerations: tolerateGpuTaint,
    resources: { requests: { cpu: "10m", memory: "20Mi" }, limits: { memory: "64Mi" } },
  };
}
