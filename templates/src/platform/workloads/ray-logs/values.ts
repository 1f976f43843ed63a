// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { apiServerCidrs } from "../api-server-cidrs";
import { systemNodeSelector } from "../system-nodes";
import { daemonRequests, type WorkloadValues } from "../workload-values";

/** Fluent Bit on each node, and once for the events. */
export const values: WorkloadValues = ({ environment, workload, image, roleArn }) => {
  const { registry, repository, tag } = image("fluent-bit");
  const { network, ray, rayLogs, region } = environment;
  if (rayLogs === null) {
    throw new Error(`environment "${environment.name}" keeps logs and rayLogs is null; run \`npx projen\``);
  }
  return {
    image: `${registry}/${repository}:${tag}`,
    roleArn,
    bucket: rayLogs.bucket,
    region,
    rayNamespace: ray.namespace,
    collectorRequests: daemonRequests(workload),
    nodeSelector: systemNodeSelector(environment),
    apiServerCidrs: apiServerCidrs(environment),
    endpointCidr: network.vpcCidr,
    publicAddresses: network.s3Access === "gateway",
  };
};
