// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { tolerateGpuTaint } from "../gpu-nodes";
import { daemonRequests, type WorkloadValues } from "../workload-values";

/** On the instance types of the pools that have EFA interfaces. */
export const values: WorkloadValues = ({ environment, workload, image }) => {
  const { registry, repository, tag } = image("aws-efa-k8s-device-plugin");
  const types = environment.pools.filter((pool) => pool.efaInterfaces > 0).flatMap((pool) => pool.instanceTypes);
  return {
    image: { repository: `${registry}/${repository}`, tag },
    supportedInstanceLabels: { keys: ["node.kubernetes.io/instance-type"], values: [...new Set(types)] },
    tolerations: tolerateGpuTaint,
    resources: { requests: daemonRequests(workload), limits: { memory: "64Mi" } },
  };
};
