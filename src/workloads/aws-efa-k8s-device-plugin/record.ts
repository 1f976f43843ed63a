// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import { GPU_SYSTEM } from "../namespaces";
import type { WorkloadRecord } from "../workload-record";

export const awsEfaK8sDevicePlugin: WorkloadRecord = {
  id: "aws-efa-k8s-device-plugin",
  purpose: "offers interfaces of the Elastic Fabric Adapter to pods",
  isOn: ({ efa }) => efa,
  chart: "pinned",
  images: ["aws-efa-k8s-device-plugin"],
  namespace: GPU_SYSTEM,
  after: AFTER_MONITORING,
  endpoints: [],
  daemonSet: { cpuMillis: 10, memoryMib: 20 },
};
