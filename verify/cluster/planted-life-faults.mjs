// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Faults that the API server takes, in what is deployed, and that Ray's life must find: what is changed, the step after the
 * installation that is walked, how many seconds it may take where nothing but waiting tells, and what is said.
 */
export const LIFE_FAULTS = [
  {
    what: "a head that no node has room for",
    plant: ({ nodes }) => {
      for (const { status } of nodes) {
        status.capacity.cpu = status.allocatable.cpu = "1";
      }
    },
    says: /has no node: .*Insufficient cpu/,
  },
  {
    what: "node groups without the label that pods select",
    plant: ({ nodes }) => {
      for (const { metadata } of nodes) {
        delete metadata.labels["ray-platform/pool-group"];
      }
    },
    says: /has no node: .*node affinity\/selector/,
  },
  {
    what: "GPU nodes with a taint that workers do not tolerate",
    plant: ({ nodes }) => {
      for (const { spec } of nodes) {
        spec.taints = spec.taints.map((taint) => ({ ...taint, value: "false" }));
      }
    },
    step: "scaleUp",
    says: /has no node: .*untolerated taint/,
  },
  {
    what: "GPU nodes that say nothing of their GPUs",
    plant: ({ nodes }) => {
      for (const { status } of nodes) {
        delete status.capacity["nvidia.com/gpu"];
        delete status.allocatable["nvidia.com/gpu"];
      }
    },
    step: "scaleUp",
    says: /has no node: .*Insufficient nvidia\.com\/gpu/,
  },
  {
    what: "a head without a disruption budget",
    plant: ({ values }) => {
      values.podDisruptionBudgets = [];
    },
    step: "evict",
    says: /the head .* is evicted/,
  },
  {
    what: "a cluster that nothing asks for its jobs",
    plant: ({ values }) => {
      values.upgradeGuard = null;
    },
    step: "changeVersion",
    says: /the version changes while jobs run/,
  },
  {
    what: "a cluster that keeps its pods when its version changes",
    plant: ({ values }) => {
      values.rayCluster.spec.upgradeStrategy.type = "None";
    },
    step: "changeVersion",
    patience: 15,
    says: /all pods are of Ray|side by side/,
  },
];
