// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkloadRecord } from "../workload-record";

export const ray: WorkloadRecord = {
  id: "ray",
  purpose: "the Ray cluster, its jobs and services",
  isOn: () => true,
  chart: "own",
  images: "of-ray",
  namespace: { name: "{rayNamespace}", podSecurity: "restricted" },
  after: ["kuberay-operator", "ray-logs"],
  endpoints: [],
};
