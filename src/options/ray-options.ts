// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayAdmission } from "./ray-admission";
import type { RayDataOptions } from "./ray-data-options";
import type { RayEgressOptions } from "./ray-egress-options";
import type { RayRegistryOptions } from "./ray-registry-options";
import type { RayUpgrade } from "./ray-upgrade";
import type { RayWorkerGroupOptions } from "./ray-worker-group-options";
import type { ServiceUpgrade } from "./service-upgrade";

/** The Ray cluster of an environment. */
export interface RayOptions {
  /**
   * Ray version, at least 2.52.0 for token authentication.
   * @default - the newest tested version
   */
  readonly version?: string;
  /**
   * Repository of the Ray image, without a tag.
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
   * Memory of the autoscaler in GiB, from 0.5 to 64. It runs next to the head; if it runs out of memory, it is killed,
   * and no workers are added or removed.
   * @default - 0.5, and 0.25 more for every 25 workers that the groups can have
   */
  readonly autoscalerMemoryGib?: number;
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
   * What Ray's pods may reach in AWS: buckets, secrets and more. The head or a worker group can have its own setting
   * instead.
   * @default - nothing
   */
  readonly data?: RayDataOptions;
  /**
   * What the head, and therefore the driver of each job, may reach in AWS, instead of `data`.
   * @default - `data`
   */
  readonly headData?: RayDataOptions;
  /**
   * Your own registries for the images of `imageRepository` and of worker groups.
   * @default - none: images that are not in an ECR are mirrored
   */
  readonly registries?: RayRegistryOptions[];
  /**
   * What Ray pods may reach in addition to DNS, each other, the API server and what `data` names.
   * @default - nothing; with `redisAddress` the VPC on its port
   */
  readonly egress?: RayEgressOptions[];
  /**
   * Days that logs and events of Ray's pods are kept in a bucket of the platform, from 1 to 3653, so that they outlive
   * pods, jobs and clusters. A collector runs on every node. The bootstrap stack creates the bucket, so apply it again.
   * @default - none are kept: a pod's logs end with it
   */
  readonly logRetentionDays?: number;
  /**
   * Command of a RayJob to run once, on its own cluster of the same shape, which is deleted ten minutes after the job
   * ends. It runs again, under a new name, when the command, the Ray version or an image changes; a job that is still
   * running then is ended. By default, each of the two clusters has half of the pools. With a larger `maxReplicas` they
   * share the nodes, and workers of the job wait for nodes that idle workers of the shared cluster leave. A job is
   * refused if its `replicas` and the `minReplicas` of the shared cluster do not fit together.
   * @default - none
   */
  readonly jobEntrypoint?: string;
  /**
   * What the API server does with a RayCluster, RayJob, RayService or RayCronJob that breaks a rule of `policies/ray`,
   * such as one of `policyLimits`, whoever applies it.
   * @default RayAdmission.DENY
   */
  readonly admission?: RayAdmission;
  /**
   * What a deployment does with the running Ray cluster when it changes the Ray version, an image or a pod: all its
   * pods are replaced, so that it never has two versions.
   * @default RayUpgrade.REFUSE
   */
  readonly upgrade?: RayUpgrade;
  /**
   * Serve configuration (`serveConfigV2`, YAML) of a RayService.
   * @default - none
   */
  readonly serveConfig?: string;
  /**
   * What happens to the cluster of `serveConfig` when the Ray version, an image or a pod changes. With NEW_CLUSTER,
   * groups without `maxReplicas` take half of what their pool holds, and groups with it must fit twice.
   * @default ServiceUpgrade.NEW_CLUSTER
   */
  readonly serviceUpgrade?: ServiceUpgrade;
}
