// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkloadNamespace } from "./workload-record";

/** EKS's own. */
export const KUBE_SYSTEM: WorkloadNamespace = {
  name: "kube-system",
  reason: "EKS's own: CNI and kube-proxy need the host",
};

/** Daemons of GPU nodes. */
export const GPU_SYSTEM: WorkloadNamespace = {
  name: "gpu-system",
  podSecurity: "privileged",
  reason: "device plugins and DCGM exporter reach the host's devices",
};
