// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { rayImage } from "../workloads/images";
import { rayAppLabel, rayPodTemplate } from "./pod-template";
import { rayClusterSpec } from "./ray-cluster";

/** The Ray resources of an environment. The chart applies exactly these, and the policies judge exactly these. */
export interface RayManifests {
  readonly rayCluster: object | null;
  readonly rayService: object | null;
  readonly rayJob: object | null;
}

/** What the pod of a job's submitter asks for. */
export const submitterResources = { cpu: "500m", memory: "1Gi" } as const;

/** A RayCluster, or a RayService, which brings a cluster of its own; and a RayJob on the RayCluster where one is asked for. */
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
  const spec = rayClusterSpec(environment, imagePrefix);
  return {
    rayCluster:
      ray.service === null
        ? { apiVersion: "ray.io/v1", kind: "RayCluster", metadata: metadata(ray.clusterName), spec }
        : null,
    rayService:
      ray.service === null
        ? null
        : {
            apiVersion: "ray.io/v1",
            kind: "RayService",
            metadata: metadata(ray.clusterName),
            spec: { serveConfigV2: ray.service.config, rayClusterConfig: spec },
          },
    rayJob:
      ray.job === null
        ? null
        : {
            apiVersion: "ray.io/v1",
            kind: "RayJob",
            metadata: metadata(`${ray.clusterName}-job`),
            spec: {
              entrypoint: ray.job.entrypoint,
              clusterSelector: { "ray.io/cluster": ray.clusterName },
              submissionMode: "K8sJobMode",
              // KubeRay's own submitter has no security context, and the namespace would refuse it.
              submitterPodTemplate: rayPodTemplate({
                environment,
                poolGroup: ray.head.poolGroup,
                containerName: "ray-job-submitter",
                image: rayImage(environment, imagePrefix, ray.head.image),
                labels: { "ray.io/node-type": "submitter" },
                resources: submitterResources,
                mountsToken: false,
                restartPolicy: "Never",
              }),
            },
          },
  };
}
