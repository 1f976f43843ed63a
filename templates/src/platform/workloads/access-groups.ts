// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";

/** Kubernetes group of those who use Ray in its namespace. Access entries give it, the chart `cluster-base` binds it. */
export const rayUsersGroup = "ray-platform:ray-users";

/** Kubernetes group of those who look at the whole cluster. */
export const viewersGroup = "ray-platform:viewers";

/** Values of the chart `cluster-base` for what no access policy of EKS covers (control IAM-03). */
export function accessValues({ ray }: EnvironmentConfig): object {
  return {
    rayUsersGroup,
    viewersGroup,
    rayNamespace: ray.namespace,
    // KubeRay names the secret of the token after the RayCluster; a RayService gives its clusters names of their own.
    tokenSecrets: !ray.tokenAuth || ray.service !== null ? [] : [ray.clusterName],
    anyTokenSecret: ray.tokenAuth && ray.service !== null,
  };
}
