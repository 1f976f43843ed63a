// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";

/** A namespace and the Pod Security Standard that it enforces. */
export interface PlatformNamespace {
  readonly name: string;
  readonly podSecurity: "privileged" | "baseline" | "restricted";
  /** Why the standard is not `restricted`. */
  readonly reason?: string;
}

/** Namespaces of the platform (control POD-03). `kube-system` is EKS's own. */
export function platformNamespaces(environment: EnvironmentConfig): PlatformNamespace[] {
  const namespaces: PlatformNamespace[] = [
    { name: "kuberay-system", podSecurity: "restricted" },
    { name: environment.ray.namespace, podSecurity: "restricted" },
  ];
  if (environment.pools.some((pool) => pool.node.gpus > 0 || pool.efaInterfaces > 0)) {
    namespaces.push({
      name: "gpu-system",
      podSecurity: "privileged",
      reason: "device plugins and DCGM exporter reach the host's devices",
    });
  }
  if (environment.workloads.monitoring) {
    namespaces.push({
      name: "monitoring",
      podSecurity: "privileged",
      reason: "node-exporter reads the host's /proc and /sys",
    });
  }
  if (environment.workloads.backup !== null) {
    namespaces.push({
      name: "velero",
      podSecurity: "baseline",
      reason: "Velero's plugin container sets no seccomp profile",
    });
  }
  return namespaces;
}
