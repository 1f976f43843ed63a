// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import { GPU_SYSTEM } from "../namespaces";
import type { WorkloadRecord } from "../workload-record";

export const dcgmExporter: WorkloadRecord = {
  id: "dcgm-exporter",
  purpose: "GPU metrics",
  isOn: ({ gpu }) => gpu,
  chart: "pinned",
  images: ["dcgm-exporter"],
  namespace: GPU_SYSTEM,
  after: AFTER_MONITORING,
  endpoints: [],
  daemonSet: { cpuMillis: 100, memoryMib: 512 },
};
