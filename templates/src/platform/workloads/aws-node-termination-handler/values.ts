// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { ownedInstanceTag } from "../../cluster/node-tags";
import { spotNotice } from "../../ray/worker-drain";
import { systemNodeSelector } from "../system-nodes";
import type { WorkloadValues } from "../workload-values";

/** The handler in queue mode. */
export const values: WorkloadValues = ({ environment, image, roleArn, interruptionQueueUrl }) => {
  const { registry, repository, tag } = image("aws-node-termination-handler");
  return {
    fullnameOverride: "aws-node-termination-handler",
    image: { repository: `${registry}/${repository}`, tag },
    awsRegion: environment.region,
    enableSqsTerminationDraining: true,
    queueURL: interruptionQueueUrl,
    checkTagBeforeDraining: true,
    managedTag: ownedInstanceTag(environment.cluster.name),
    enableSpotInterruptionDraining: true,
    enableScheduledEventDraining: true,
    // Each pod has its own time to end, which ends before the node does.
    podTerminationGracePeriod: -1,
    nodeTerminationGracePeriod: spotNotice,
    enableRebalanceMonitoring: true,
    // Spot rebalancing is a hint; managed node groups already replace ahead of an interruption.
    enableRebalanceDraining: false,
    serviceAccount: {
      create: true,
      name: "aws-node-termination-handler",
      annotations: { "eks.amazonaws.com/role-arn": roleArn, "eks.amazonaws.com/sts-regional-endpoints": "true" },
    },
    rbac: { pspEnabled: false },
    nodeSelector: systemNodeSelector(environment),
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  };
};
