// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../../platform-config";
import { poolLabel } from "../../cluster/node-labels";
import { restrictedContainer, systemNodeSelector } from "../system-nodes";
import type { WorkloadValues } from "../workload-values";

/** Region and role are given, because pods cannot reach instance metadata. */
export const values: WorkloadValues = ({ environment, image, roleArn }) => {
  const { registry, repository, tag } = image("cluster-autoscaler");
  return {
    fullnameOverride: "cluster-autoscaler",
    cloudProvider: "aws",
    awsRegion: environment.region,
    autoDiscovery: { clusterName: environment.cluster.name },
    image: { repository: `${registry}/${repository}`, tag },
    rbac: {
      serviceAccount: {
        create: true,
        name: "cluster-autoscaler",
        annotations: {
          "eks.amazonaws.com/role-arn": roleArn,
          "eks.amazonaws.com/sts-regional-endpoints": "true",
        },
      },
    },
    extraArgs: {
      expander: "priority,least-waste",
      // The groups of a pool, one for each zone, grow evenly. They are told by the pool's label, since their nodes may differ in
      // size: a group has several instance types.
      "balance-similar-node-groups": true,
      "balancing-label": poolLabel,
      // A spot pool without capacity gives way to its on-demand fallback after this.
      "max-node-provision-time": "5m0s",
      // As EKS asks of clusters without a way to the internet; the other list would come from AWS at each start.
      "aws-use-static-instance-list": true,
      "skip-nodes-with-local-storage": false,
      "skip-nodes-with-system-pods": false,
      "scale-down-unneeded-time": "10m",
    },
    expanderPriorities: expanderPriorities(environment),
    extraEnv: { AWS_STS_REGIONAL_ENDPOINTS: "regional" },
    nodeSelector: systemNodeSelector(environment),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65534,
      fsGroup: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: restrictedContainer,
    resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { cpu: "500m", memory: "600Mi" } },
  };
};

/**
 * Scaling groups by priority. EKS names a group `eks-<node group>-<uuid>` and Terraform puts an 18-digit time after our
 * prefix, so each expression matches one group only, even where one group's name begins another's.
 */
function expanderPriorities({ pools }: EnvironmentConfig): Record<string, string[]> {
  const priorities: Record<string, string[]> = {};
  for (const pool of pools) {
    const rank = String(pool.priority);
    const names = pool.nodeGroups.map(({ name }) => `^eks-${name}-[0-9]{18}.*`);
    priorities[rank] = [...(priorities[rank] ?? []), ...names];
  }
  return priorities;
}
