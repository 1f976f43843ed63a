// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentSettings } from "../options/environment-settings";
import { packageData } from "./package-data";
import type { ChartConfig, NodePoolConfig, WorkloadsConfig } from "./platform-config";

/** Charts of every platform; the others come with a feature. */
const ALWAYS = ["kuberay-operator", "cluster-autoscaler", "aws-node-termination-handler"];
const WITH_GPU = ["nvidia-device-plugin", "dcgm-exporter"];
const WITH_EFA = ["aws-efa-k8s-device-plugin"];

/** Resolves what runs in the cluster besides Ray. */
export function resolveWorkloads(settings: EnvironmentSettings, pools: readonly NodePoolConfig[]): WorkloadsConfig {
  const gpu = pools.some((pool) => pool.node.gpus > 0);
  const monitoring = settings.monitoring ?? false;
  const backup = settings.backupBucket === undefined ? null : { bucket: settings.backupBucket, schedule: "0 3 * * *" };
  const keys = [
    ...ALWAYS,
    ...(gpu ? WITH_GPU : []),
    ...(pools.some((pool) => pool.efaInterfaces > 0) ? WITH_EFA : []),
    ...(monitoring ? ["kube-prometheus-stack"] : []),
    ...(backup === null ? [] : ["velero"]),
  ];
  const { charts } = packageData<{ readonly charts: { readonly [key: string]: ChartConfig } }>("charts");
  return { charts: Object.fromEntries(keys.map((key) => [key, charts[key]])), monitoring, backup };
}
