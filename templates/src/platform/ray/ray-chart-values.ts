// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { type RayManifests, rayManifests } from "./ray-manifests";
import { rayQuota } from "./ray-quota";

/** Values of `helm/ray`; `values.schema.json` there says what each may be. */
export interface RayChartValues extends RayManifests {
  readonly networkPolicy: object;
  readonly resourceQuota: Readonly<Record<string, string>>;
  readonly podDisruptionBudgets: { readonly workerGroups: readonly WorkerGroupBudget[] };
  readonly monitoring: { readonly enabled: boolean };
}

/** Workers of a group that evictions must leave. */
interface WorkerGroupBudget {
  readonly name: string;
  readonly minAvailable: number;
}

export function rayChartValues(environment: EnvironmentConfig, imagePrefix: string): RayChartValues {
  const { ray, network, cluster, workloads } = environment;
  const monitoring = workloads["kube-prometheus-stack"];
  return {
    ...rayManifests(environment, imagePrefix),
    networkPolicy: {
      operatorNamespace: workloads["kuberay-operator"]?.namespace,
      monitoringNamespace: monitoring?.namespace ?? null,
      // The API server is seen at the first address of the service range, and at its interfaces in the VPC.
      apiServerCidrs: [network.vpcCidr, ...apiServerServiceCidrs(cluster.serviceCidr)],
      redis:
        ray.gcsFaultTolerance === null
          ? null
          : { cidr: network.vpcCidr, port: portOf(ray.gcsFaultTolerance.redisAddress) },
      egress: ray.egress,
    },
    resourceQuota: rayQuota(environment),
    podDisruptionBudgets: { workerGroups: workerGroupBudgets(environment) },
    monitoring: { enabled: monitoring !== undefined },
  };
}

/**
 * Groups at their smallest lose one worker at a time. A group that may shrink to one worker or none has no budget: it would
 * either allow everything or hold the node of its last worker for ever.
 */
function workerGroupBudgets({ ray }: EnvironmentConfig): WorkerGroupBudget[] {
  return ray.workerGroups
    .map(({ name, minReplicas, replicas, numOfHosts }) => ({
      name,
      minAvailable: (ray.autoscaler.enabled ? minReplicas : replicas) * numOfHosts - 1,
    }))
    .filter(({ minAvailable }) => minAvailable > 0);
}

/** EKS takes 10.100.0.0/16 or 172.20.0.0/16, whichever does not overlap the VPC, unless a range is given. */
function apiServerServiceCidrs(serviceCidr: string | null): string[] {
  return (serviceCidr === null ? ["10.100.0.0/16", "172.20.0.0/16"] : [serviceCidr]).map(
    (cidr) => `${(cidr.split("/")[0] as string).replace(/\.0$/, ".1")}/32`,
  );
}

function portOf(redisAddress: string): number {
  const port = /:(\d+)$/.exec(redisAddress)?.[1];
  return port === undefined ? 6379 : Number(port);
}
