// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { accessValues } from "../access-groups";
import type { WorkloadValues } from "../workload-values";

/** The namespaces that the platform makes, with the Pod Security Standard of each (control POD-03), and who may do what. */
export const values: WorkloadValues = ({ environment }) => ({
  namespaces: environment.namespaces
    .filter(({ podSecurity }) => podSecurity !== null)
    .map(({ name, podSecurity, reason }) => ({ name, podSecurity, reason: reason ?? undefined })),
  clusterVersion: environment.cluster.version,
  access: accessValues(environment),
});
