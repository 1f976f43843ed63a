// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { awsEfaK8sDevicePlugin } from "./aws-efa-k8s-device-plugin/record";
import { awsNodeTerminationHandler } from "./aws-node-termination-handler/record";
import { clusterAutoscaler } from "./cluster-autoscaler/record";
import { clusterBase } from "./cluster-base/record";
import { dcgmExporter } from "./dcgm-exporter/record";
import { kubePrometheusStack } from "./kube-prometheus-stack/record";
import { kuberayOperator } from "./kuberay-operator/record";
import { nvidiaDevicePlugin } from "./nvidia-device-plugin/record";
import { ray } from "./ray/record";
import { rayLogs } from "./ray-logs/record";
import { velero } from "./velero/record";
import type { WorkloadRecord } from "./workload-record";

/** Every workload there is. Lists, tables, roles and images derive from it and keep its order. */
export const WORKLOADS: readonly WorkloadRecord[] = [
  clusterBase,
  kuberayOperator,
  ray,
  clusterAutoscaler,
  awsNodeTerminationHandler,
  nvidiaDevicePlugin,
  dcgmExporter,
  awsEfaK8sDevicePlugin,
  kubePrometheusStack,
  velero,
  rayLogs,
];
