// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { jobSubmission } from "./job-submission";
import { rayAppLabel } from "./pod-template";
import { rayClusterSpec } from "./ray-cluster";
import { rayJobName } from "./ray-job-name";

/** The Ray resources of an environment. The chart applies exactly these, and the policies judge exactly these. */
export interface RayManifests {
  readonly rayCluster: object | null;
  readonly rayService: object | null;
  readonly rayJob: object | null;
}

/** A RayCluster, or a RayService, which brings a cluster of its own; and where one is asked for a RayJob, which does so too. */
export function rayManifests(environment: EnvironmentConfig, imagePrefix: string): RayManifests {
  const { ray } = environment;
  const metadata = (name: string) => ({
    name,
    namespace: ray.namespace,
    labels: {
      app: rayAppLabel,
      "ray.io/node-type": "cluster",
      "app.kubernetes.io/managed-by": "Helm",
      "app.kubernetes.io/part-of": "ray-platform",
    },
  });
  const jobName = rayJobName(environment);
  return {
    rayCluster:
      ray.service === null
        ? {
            apiVersion: "ray.io/v1",
            kind: "RayCluster",
            metadata: metadata(ray.clusterName),
            // A change of a pod, the Ray version with it, replaces all pods: KubeRay's own default keeps those that run, and
            // a cluster of two versions does not work.
            spec: { upgradeStrategy: { type: "Recreate" }, ...rayClusterSpec(environment, imagePrefix, null) },
          }
        : null,
    rayService:
      ray.service === null
        ? null
        : {
            apiVersion: "ray.io/v1",
            kind: "RayService",
            metadata: metadata(ray.clusterName),
            spec: {
              serveConfigV2: ray.service.config,
              upgradeStrategy: { type: ray.service.upgrade },
              rayClusterConfig: rayClusterSpec(environment, imagePrefix, { kind: "RayService", name: ray.clusterName }),
            },
          },
    rayJob:
      ray.job === null
        ? null
        : {
            apiVersion: "ray.io/v1",
            kind: "RayJob",
            metadata: metadata(jobName),
            spec: {
              entrypoint: ray.job.entrypoint,
              rayClusterSpec: rayClusterSpec(environment, imagePrefix, { kind: "RayJob", name: jobName }),
              ...jobSubmission(environment, imagePrefix),
            },
          },
  };
}
