// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Limits that the policies, the stacks and these options enforce alike. */
export interface PolicyLimitOptions {
  /**
   * Most nodes of one node group, and of a pool's groups in all its zones together, from 1 to 450.
   * @default 20
   */
  readonly maxNodesPerGroup?: number;
  /**
   * Most GPU nodes of an environment, all pools together.
   * @default 10
   */
  readonly maxGpuNodes?: number;
  /**
   * Instance types that CPU pools may use. A list replaces the default.
   * @default - t3.medium to xlarge, m5.large to 4xlarge, m6g.xlarge and 2xlarge
   */
  readonly cpuInstanceTypes?: string[];
  /**
   * Instance types that GPU pools may use. Choosing an `accelerator` does not add its types: list them here. A list
   * replaces the default.
   * @default - g4dn.xlarge, 2xlarge and 4xlarge, p3.2xlarge
   */
  readonly gpuInstanceTypes?: string[];
  /**
   * Tags that every resource that can carry tags must have.
   * @default ["ManagedBy", "Environment", "Repository"]
   */
  readonly requiredTags?: string[];
  /**
   * Largest volume in GiB.
   * @default 500
   */
  readonly maxVolumeGib?: number;
  /**
   * Control-plane log types that a cluster must send.
   * @default ["api", "audit", "authenticator", "controllerManager", "scheduler"]
   */
  readonly requiredLogTypes?: string[];
  /**
   * Most cores of one Ray worker.
   * @default 16
   */
  readonly maxCpuPerWorker?: number;
  /**
   * Most memory of one Ray worker, in GiB.
   * @default 64
   */
  readonly maxMemoryGibPerWorker?: number;
  /**
   * Most GPUs of one Ray worker.
   * @default 4
   */
  readonly maxGpuPerWorker?: number;
  /**
   * Most workers of one Ray cluster.
   * @default 50
   */
  readonly maxTotalWorkers?: number;
  /**
   * Most GPUs of one Ray cluster.
   * @default 20
   */
  readonly maxTotalGpus?: number;
  /**
   * Fewest cores that a Ray container may request.
   * @default 0.5
   */
  readonly minCpuRequest?: number;
  /**
   * Least memory that a Ray container may request, in GiB.
   * @default 0.5
   */
  readonly minMemoryGibRequest?: number;
  /**
   * Labels that Ray pods must have.
   * @default ["ray.io/node-type", "app"]
   */
  readonly requiredLabels?: string[];
}
