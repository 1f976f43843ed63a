// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import { GPU_SYSTEM } from "../namespaces";
import type { WorkloadRecord } from "../workload-record";

export const nvidiaDevicePlugin: WorkloadRecord = {
  id: "nvidia-device-plugin",
  purpose: "offers GPUs to pods",
  isOn: ({ gpu }) => gpu,
  chart: "pinned",
  images: ["nvidia-device-plugin"],
  namespace: GPU_SYSTEM,
  after: AFTER_MONITORING,
  endpoints: [],
  daemonSet: { cpuMillis: 50, memoryMib: 128 },
};
