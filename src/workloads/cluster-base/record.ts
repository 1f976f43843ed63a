// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { KUBE_SYSTEM } from "../namespaces";
import type { WorkloadRecord } from "../workload-record";

/** What the other releases need: the namespaces with their Pod Security Standards, and the storage class. */
export const clusterBase: WorkloadRecord = {
  id: "cluster-base",
  purpose: "namespaces and the encrypted storage class",
  isOn: () => true,
  chart: "own",
  images: [],
  namespace: KUBE_SYSTEM,
  after: [],
  endpoints: [],
};
