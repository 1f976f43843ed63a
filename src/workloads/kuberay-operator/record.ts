// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import type { WorkloadRecord } from "../workload-record";

export const kuberayOperator: WorkloadRecord = {
  id: "kuberay-operator",
  purpose: "makes Ray clusters, jobs and services",
  isOn: () => true,
  chart: "pinned",
  images: ["kuberay-operator"],
  namespace: { name: "kuberay-system", podSecurity: "restricted" },
  after: AFTER_MONITORING,
  endpoints: [],
};
