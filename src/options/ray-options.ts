// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayEgressOptions } from "./ray-egress-options";
import type { RayWorkerGroupOptions } from "./ray-worker-group-options";

/** The Ray cluster of an environment. */
export interface RayOptions {
  /**
   * Ray version, at least 2.52.0 for token authentication.
   * @default - the newest tested version
   */
  readonly version?: string;
  /**
   * Repository of the Ray image, without tag.
   * @default - rayproject/ray through the platform's registry
   */
  readonly imageRepository?: string;
  /**
   * Kubernetes namespace.
   * @default "ray"
   */
  readonly namespace?: string;
  /**
   * Cores of the head.
   * @default 2
   */
  readonly headCpu?: number;
  /**
   * Memory of the head in GiB.
   * @default 8
   */
  readonly headMemoryGib?: number;
  /**
   * Worker groups.
   * @default - one on the CPU pool, and one on the GPU pool if there is one
   */
  readonly workerGroups?: RayWorkerGroupOptions[];
  /**
   * Require a token for Ray's dashboard, job and client ports.
   * @default true
   */
  readonly tokenAuth?: boolean;
  /**
   * Let Ray's autoscaler add and remove workers.
   * @default true
   */
  readonly autoscaling?: boolean;
  /**
   * Seconds after which an idle worker is removed, from 60 to 86400.
   * @default 600
   */
  readonly idleTimeoutSeconds?: number;
  /**
   * Address of an external Redis that keeps the head's state, such as `rediss://cache.example:6379`.
   * @default - none: losing the head loses the cluster's state
   */
  readonly redisAddress?: string;
  /**
   * Name of the Kubernetes secret with the key `password` for `redisAddress`.
   * @default - none
   */
  readonly redisPasswordSecret?: string;
  /**
   * What Ray pods may reach besides DNS, each other and the API server.
   * @default - nothing; with `redisAddress` the VPC on its port
   */
  readonly egress?: RayEgressOptions[];
  /**
   * Command of a RayJob to run once, on a cluster of its own of the same shape, which ends ten minutes after the job.
   * It runs again, under a new name, when the command, the Ray version or an image changes; a job that still runs then is ended.
   * @default - none
   */
  readonly jobEntrypoint?: string;
  /**
   * Serve configuration (`serveConfigV2`, YAML) of a RayService.
   * @default - none
   */
  readonly serveConfig?: string;
}
