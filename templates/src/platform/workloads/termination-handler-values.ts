// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { mirroredImage } from "./images";
import { systemNodeSelector } from "./system-nodes";

/** Values of the node termination handler in queue mode. */
export function terminationHandlerValues(
  environment: EnvironmentConfig,
  imagePrefix: string,
  roleArn: string,
  queueUrl: string,
): object {
  const { registry, repository, tag } = mirroredImage(environment, imagePrefix, "aws-node-termination-handler");
  return {
    fullnameOverride: "aws-node-termination-handler",
    image: { repository: `${registry}/${repository}`, tag },
    awsRegion: environment.region,
    enableSqsTerminationDraining: true,
    queueURL: queueUrl,
    checkTagBeforeDraining: true,
    managedTag: "aws-node-termination-handler/managed",
    enableSpotInterruptionDraining: true,
    enableScheduledEventDraining: true,
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
}
