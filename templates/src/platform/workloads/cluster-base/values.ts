// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { accessValues } from "../access-groups";
import { operatorUser } from "../kuberay-operator/operator-user";
import type { WorkloadValues } from "../workload-values";

/**
 * The namespaces that the platform makes, with the Pod Security Standard of each (control POD-03), who may do what, and what the
 * API server judges Ray resources by (control OPA-04).
 */
export const values: WorkloadValues = ({ environment, rayLimits }) => ({
  namespaces: environment.namespaces
    .filter(({ podSecurity }) => podSecurity !== null)
    .map(({ name, podSecurity, reason }) => ({ name, podSecurity, reason: reason ?? undefined })),
  clusterVersion: environment.cluster.version,
  access: accessValues(environment),
  admission: {
    action: environment.ray.admission,
    operator: operatorUser(environment),
    limits: rayLimits,
  },
});
