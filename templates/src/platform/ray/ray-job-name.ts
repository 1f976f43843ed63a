// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { createHash } from "node:crypto";
import type { EnvironmentConfig } from "../platform-config";

/** Longest name of a RayJob: KubeRay appends to it, and a RayCluster's name has 53 characters. */
const longest = 47;

/**
 * Name of the environment's RayJob. A job is done once: KubeRay never runs one again, whatever its spec says afterwards. So
 * a job that does something else is another job, with another name: its end is a hash of the command, and of the Ray version
 * and the images that run it.
 */
export function rayJobName({ ray }: EnvironmentConfig): string {
  const images = [ray.head.image, ...ray.workerGroups.map(({ image }) => image)];
  const hash = createHash("sha256")
    .update(JSON.stringify([ray.job?.entrypoint, ray.version, ...images]))
    .digest("hex");
  const end = `-job-${hash.slice(0, 8)}`;
  return `${ray.clusterName.slice(0, longest - end.length).replace(/-+$/, "")}${end}`;
}
