// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { apiServerCidrs } from "../workloads/api-server-cidrs";
import { type DisruptionBudget, disruptionBudgets } from "./disruption-budgets";
import { type RayManifests, rayManifests } from "./ray-manifests";
import { rayQuota } from "./ray-quota";
import { type RayServiceAccount, rayServiceAccounts } from "./service-accounts";
import { type UpgradeGuard, upgradeGuard } from "./upgrade-guard";

/** Values of `helm/ray`; `values.schema.json` there says what each may be. */
export interface RayChartValues extends RayManifests {
  readonly serviceAccounts: readonly RayServiceAccount[];
  readonly networkPolicy: object;
  readonly resourceQuota: Readonly<Record<string, string>>;
  readonly podDisruptionBudgets: readonly DisruptionBudget[];
  readonly monitoring: { readonly enabled: boolean };
  readonly upgradeGuard: UpgradeGuard | null;
}

/** @param accountId the account of the roles of Ray's pods */
export function rayChartValues(environment: EnvironmentConfig, imagePrefix: string, accountId: string): RayChartValues {
  const { ray, network, workloads } = environment;
  const monitoring = workloads["kube-prometheus-stack"];
  return {
    ...rayManifests(environment, imagePrefix),
    serviceAccounts: rayServiceAccounts(environment, accountId),
    networkPolicy: {
      operatorNamespace: workloads["kuberay-operator"]?.namespace,
      monitoringNamespace: monitoring?.namespace ?? null,
      apiServerCidrs: apiServerCidrs(environment),
      redis:
        ray.gcsFaultTolerance === null
          ? null
          : { cidr: network.vpcCidr, port: portOf(ray.gcsFaultTolerance.redisAddress) },
      // STS, and S3 and the others through their endpoints. S3's gateway keeps its public addresses; the nodes' security group
      // lets none but those pass.
      data:
        ray.identities.length === 0
          ? null
          : { endpointCidr: network.vpcCidr, publicAddresses: network.s3Access === "gateway" },
      egress: ray.egress,
    },
    resourceQuota: rayQuota(environment),
    podDisruptionBudgets: disruptionBudgets(environment),
    monitoring: { enabled: monitoring !== undefined },
    upgradeGuard: upgradeGuard(environment, imagePrefix),
  };
}

function portOf(redisAddress: string): number {
  const port = /:(\d+)$/.exec(redisAddress)?.[1];
  return port === undefined ? 6379 : Number(port);
}
