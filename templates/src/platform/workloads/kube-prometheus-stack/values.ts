// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { versionOf } from "../images";
import { systemNodeSelector } from "../system-nodes";
import type { WorkloadValues } from "../workload-values";

/** Grafana shows dashboards to whoever may port-forward to it and has no login at all, so that there is no password to keep. */
export const values: WorkloadValues = ({ environment, image }) => {
  const nodeSelector = systemNodeSelector(environment);
  // Monitors of every release count, whatever their labels.
  const selectAll = {
    serviceMonitorSelectorNilUsesHelmValues: false,
    podMonitorSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
  };
  const storage = (size: string): object => ({
    volumeClaimTemplate: {
      spec: {
        storageClassName: "gp3-encrypted",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
      },
    },
  });
  return {
    fullnameOverride: "kube-prometheus-stack",
    prometheusOperator: {
      image: image("prometheus-operator"),
      prometheusConfigReloader: { image: image("prometheus-config-reloader") },
      admissionWebhooks: { patch: { image: image("kube-webhook-certgen"), nodeSelector } },
      nodeSelector,
    },
    prometheus: {
      prometheusSpec: {
        image: image("prometheus"),
        version: versionOf(image("prometheus")),
        nodeSelector,
        retention: "15d",
        storageSpec: storage("50Gi"),
        ...selectAll,
      },
    },
    alertmanager: {
      alertmanagerSpec: {
        image: image("alertmanager"),
        version: versionOf(image("alertmanager")),
        nodeSelector,
        storage: storage("5Gi"),
      },
    },
    "kube-state-metrics": { image: image("kube-state-metrics"), nodeSelector },
    "prometheus-node-exporter": {
      image: image("node-exporter"),
      tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
    },
    grafana: {
      image: image("grafana"),
      nodeSelector,
      sidecar: {
        image: image("grafana-sidecar"),
        dashboards: { enabled: true, searchNamespace: "ALL", skipReload: true },
        datasources: { skipReload: true, initDatasources: true },
      },
      "grafana.ini": {
        auth: { disable_login_form: true },
        "auth.anonymous": { enabled: true, org_role: "Viewer" },
        "auth.basic": { enabled: false },
        analytics: { check_for_updates: false, reporting_enabled: false },
      },
      testFramework: { enabled: false },
    },
    // EKS runs these out of reach.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
  };
};
