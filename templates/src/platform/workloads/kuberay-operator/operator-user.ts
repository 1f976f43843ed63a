// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig, WorkloadConfig } from "../../platform-config";

/** Service account that KubeRay's operator runs as. */
export const OPERATOR_ACCOUNT = "kuberay-operator";

/** What the API server calls KubeRay's operator. */
export function operatorUser({ workloads }: EnvironmentConfig): string {
  const { namespace } = workloads["kuberay-operator"] as WorkloadConfig;
  return `system:serviceaccount:${namespace}:${OPERATOR_ACCOUNT}`;
}
