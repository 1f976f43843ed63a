// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Security context of every Ray pod (control POD-01). The Ray image's user `ray` is 1000. */
export const podSecurityContext = {
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * Security context of every container of a Ray pod (control POD-02). KubeRay copies a Ray container's to the init container
 * that it adds; the autoscaler sidecar and the job submitter take theirs from their own fields.
 */
export const containerSecurityContext = {
  runAsUser: 1000,
  runAsGroup: 1000,
  runAsNonRoot: true,
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;
