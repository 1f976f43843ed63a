// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentConfig, NamespaceConfig } from "../../config/platform-config";
import { codeList } from "./markdown-text";

/** A workload as a row of a table. */
export interface WorkloadRow {
  readonly workload: string;
  readonly purpose: string;
  /** Chart and version, or where in the repository the chart lies. */
  readonly chartText: string;
  readonly namespaceName: string;
  /** Pod Security Standard of the namespace. */
  readonly standard: string;
}

/** What stands where a namespace enforces no Pod Security Standard of ours. */
const NO_STANDARD = "none";

/** The role of a workload's service account as a row of a table. */
export interface WorkloadRoleRow {
  readonly serviceAccount: string;
  readonly roleNamespace: string;
  readonly roleName: string;
  readonly permits: string;
}

/** A namespace whose Pod Security Standard is not `restricted`, as a row of a table. */
export interface OpenNamespaceRow {
  readonly namespaceName: string;
  readonly standard: string;
  readonly reason: string;
}

/** What an environment installs, in the order of the records. */
export function workloadRows({ workloads, namespaces }: EnvironmentConfig): WorkloadRow[] {
  return Object.entries(workloads).map(([id, { purpose, chart, namespace }]) => ({
    workload: id,
    purpose,
    chartText: chart === null ? `[\`helm/${id}\`](../helm/${id})` : `${codeList([chart.chart])} ${chart.version}`,
    namespaceName: namespace,
    standard: namespaces.find(({ name }) => name === namespace)?.podSecurity ?? NO_STANDARD,
  }));
}

/** The roles of an environment's workloads, and those of Ray's pods. */
export function workloadRoleRows({ workloads, cluster, ray }: EnvironmentConfig): WorkloadRoleRow[] {
  const ofWorkloads = Object.values(workloads).flatMap(({ role, namespace }) =>
    role === null ? [] : [{ ...role, namespace }],
  );
  const ofRay = ray.identities.map(({ serviceAccount, roleName, permits }) => ({
    serviceAccount,
    namespace: ray.namespace,
    name: roleName,
    permits,
  }));
  return [...ofWorkloads, ...ofRay].map(({ serviceAccount, namespace, name, permits }) => ({
    serviceAccount,
    roleNamespace: namespace,
    roleName: `${cluster.name}-${name}-irsa`,
    permits,
  }));
}

/** The namespaces of all environments that are not restricted, each once; those that the platform does not label come last. */
export function openNamespaceRows(environments: readonly EnvironmentConfig[]): OpenNamespaceRow[] {
  const byName = new Map<string, NamespaceConfig>();
  for (const namespace of environments.flatMap(({ namespaces }) => namespaces)) {
    if (namespace.podSecurity !== "restricted") {
      byName.set(namespace.name, namespace);
    }
  }
  const all = [...byName.values()];
  return [...all.filter(isOurs), ...all.filter((namespace) => !isOurs(namespace))].map(
    ({ name, podSecurity, reason }) => ({
      namespaceName: name,
      standard: podSecurity ?? NO_STANDARD,
      reason: reason ?? "",
    }),
  );
}

function isOurs({ podSecurity }: NamespaceConfig): boolean {
  return podSecurity !== null;
}
