// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Toleration of the taint that GPU nodes carry. */
export const tolerateGpuTaint = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }] as const;
