// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkloadRecord } from "../workload-record";

export const kubePrometheusStack: WorkloadRecord = {
  id: "kube-prometheus-stack",
  purpose: "metrics, alerts and dashboards",
  isOn: ({ settings }) => settings.monitoring ?? false,
  chart: "pinned",
  images: [
    "prometheus-operator",
    "prometheus-config-reloader",
    "prometheus",
    "alertmanager",
    "node-exporter",
    "kube-state-metrics",
    "kube-webhook-certgen",
    "grafana",
    "grafana-sidecar",
  ],
  namespace: {
    name: "monitoring",
    podSecurity: "privileged",
    reason: "node-exporter reads the host's /proc and /sys",
  },
  after: ["cluster-base"],
  endpoints: [],
  // Of node-exporter, whose chart asks for nothing: what it uses.
  daemonSet: { cpuMillis: 50, memoryMib: 64 },
};
