// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { rayImage } from "../workloads/images";
import { rayPodTemplate } from "./pod-template";
import { submitterResources } from "./job-submission";

/** Asks whether a job runs before a deployment replaces all pods of the RayCluster. */
export interface UpgradeGuard {
  readonly activeDeadlineSeconds: number;
  readonly template: object;
}

/** How long the guard waits for jobs to end. */
const waitSeconds = { refuse: 0, drain: 1800 } as const;

/** Time for its node and its image, and for its questions. */
const startSeconds = 540;

/** Seconds that a deployment of the Ray chart may take: the guard's, and those of what it then makes. */
export function rayReleaseTimeout(environment: EnvironmentConfig): number {
  return 600 + (upgradeGuard(environment, "")?.activeDeadlineSeconds ?? 0);
}

/** Null where nothing is asked: there is a RayService instead, or the options let jobs be ended. */
export function upgradeGuard(environment: EnvironmentConfig, imagePrefix: string): UpgradeGuard | null {
  const { ray } = environment;
  if (ray.service !== null || ray.upgrade === "recreate") {
    return null;
  }
  const wait = waitSeconds[ray.upgrade];
  return {
    activeDeadlineSeconds: startSeconds + wait,
    template: rayPodTemplate({
      environment,
      poolGroup: ray.head.poolGroup,
      containerName: "upgrade-guard",
      image: rayImage(environment, imagePrefix, ray.head.image),
      labels: { "ray.io/node-type": "upgrade-guard" },
      resources: submitterResources,
      mountsToken: false,
      restartPolicy: "Never",
      command: ["python", "-c", question],
      env: [
        { name: "WAIT_SECONDS", value: String(wait) },
        { name: "HEAD", value: `http://${ray.clusterName}-head-svc.${ray.namespace}.svc:8265` },
        ...(ray.tokenAuth
          ? [
              { name: "RAY_AUTH_MODE", value: "token" },
              {
                name: "RAY_AUTH_TOKEN",
                valueFrom: { secretKeyRef: { name: ray.clusterName, key: "auth_token" } },
              },
            ]
          : []),
      ],
    }),
  };
}

/** Jobs are those that were submitted, and drivers that are connected. Without an answer from the head nothing is upgraded. */
const question = `import os, sys, time
from ray.job_submission import JobSubmissionClient
client = JobSubmissionClient(os.environ["HEAD"])
deadline = time.monotonic() + float(os.environ["WAIT_SECONDS"])
while True:
    running = [job.submission_id or job.job_id for job in client.list_jobs() if not job.status.is_terminal()]
    if not running:
        sys.exit(0)
    print("still running:", *running, flush=True)
    if time.monotonic() >= deadline:
        sys.exit("The Ray cluster is not upgraded while these jobs run. Wait for them or stop them, and deploy again.")
    time.sleep(15)
`;
