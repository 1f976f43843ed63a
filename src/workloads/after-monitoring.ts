// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Monitors are resources of the operator that kube-prometheus-stack brings, so whatever may have one comes after it. */
export const AFTER_MONITORING: readonly string[] = ["cluster-base", "kube-prometheus-stack"];
