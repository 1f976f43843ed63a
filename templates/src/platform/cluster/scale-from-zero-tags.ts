// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { NodeGroupConfig, NodePoolConfig } from "../platform-config";
import { nodeLabels } from "./node-labels";

/**
 * Tags by which cluster-autoscaler knows what a node of an empty group would look like. EKS does not copy labels and taints
 * to the group, and the autoscaler asks EKS only until the group has had its first node.
 */
export function scaleFromZeroTags(
  clusterName: string,
  pool: NodePoolConfig,
  group: NodeGroupConfig,
): Record<string, string> {
  const template = "k8s.io/cluster-autoscaler/node-template";
  const tags: Record<string, string> = {
    "k8s.io/cluster-autoscaler/enabled": "true",
    [`k8s.io/cluster-autoscaler/${clusterName}`]: "owned",
    [`${template}/resources/ephemeral-storage`]: `${pool.volume.sizeGib}Gi`,
    // By it the EBS driver says where a volume is; the zone itself the autoscaler knows from the group's subnet.
    [`${template}/label/topology.ebs.csi.aws.com/zone`]: group.availabilityZone,
  };
  for (const [key, value] of Object.entries(nodeLabels(pool))) {
    tags[`${template}/label/${key}`] = value;
  }
  for (const { key, value, effect } of pool.taints) {
    tags[`${template}/taint/${key}`] = `${value}:${effect}`;
  }
  if (pool.node.gpus > 0) {
    tags[`${template}/resources/nvidia.com/gpu`] = String(pool.node.gpus);
  }
  if (pool.efaInterfaces > 0) {
    tags[`${template}/resources/vpc.amazonaws.com/efa`] = String(pool.efaInterfaces);
  }
  return tags;
}
