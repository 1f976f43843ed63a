// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { type DisruptionBudget, disruptionBudgets } from "./disruption-budgets";
import { type RayManifests, rayManifests } from "./ray-manifests";
import { rayQuota } from "./ray-quota";
import { type UpgradeGuard, upgradeGuard } from "./upgrade-guard";

/** Values of `helm/ray`; `values.schema.json` there says what each may be. */
export interface RayChartValues extends RayManifests {
  readonly networkPolicy: object;
  readonly resourceQuota: Readonly<Record<string, string>>;
  readonly podDisruptionBudgets: readonly DisruptionBudget[];
  readonly monitoring: { readonly enabled: boolean };
  readonly upgradeGuard: UpgradeGuard | null;
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
    podDisruptionBudgets: disruptionBudgets(environment),
    monitoring: { enabled: monitoring !== undefined },
    upgradeGuard: upgradeGuard(environment, imagePrefix),
  };
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
