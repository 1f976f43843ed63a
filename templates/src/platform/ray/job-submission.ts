// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { rayImage } from "../workloads/images";
import { rayPodTemplate } from "./pod-template";

/** What the pod of a job's submitter asks for. */
export const submitterResources = { cpu: "500m", memory: "1Gi" } as const;

/** How long the cluster of a job stays after its end, so that its logs and its dashboard can be looked at. */
const secondsAfterJob = 600;

/** The part of a RayJob that says how it is submitted, and what becomes of its cluster. */
export function jobSubmission(environment: EnvironmentConfig, imagePrefix: string): object {
  const { head } = environment.ray;
  return {
    // Its cluster ends with it, or its nodes would stay for nothing.
    shutdownAfterJobFinishes: true,
    ttlSecondsAfterFinished: secondsAfterJob,
    submissionMode: "K8sJobMode",
    // KubeRay's own submitter has no security context, and the namespace would refuse it.
    submitterPodTemplate: rayPodTemplate({
      environment,
      poolGroup: head.poolGroup,
      containerName: "ray-job-submitter",
      image: rayImage(environment, imagePrefix, head.image),
      labels: { "ray.io/node-type": "submitter" },
      resources: submitterResources,
      mountsToken: false,
      restartPolicy: "Never",
    }),
  };
}
