// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig, RayLimits, WorkloadConfig } from "../platform-config";
import type { ImageReference } from "./images";

/** What `workloads/<id>/values.ts` exports as `values`: the Helm values of a workload. */
export type WorkloadValues = (context: ValuesContext) => object;

/** What Helm values are made from. */
export interface ValuesContext {
  readonly environment: EnvironmentConfig;
  readonly workload: WorkloadConfig;
  /** Limits of the Ray policy. */
  readonly rayLimits: RayLimits;
  /** The environment's account. */
  readonly accountId: string;
  /** Registry and path prefix that images are pulled from. */
  readonly imagePrefix: string;
  /**
   * Where nodes pull an image from, by its key.
   * @throws Error if the workload's record does not name the image, since it would not be mirrored
   */
  readonly image: (key: string) => ImageReference;
  /**
   * ARN of the workload's role.
   * @throws Error if its record names no role
   */
  readonly roleArn: string;
  /** URL of the queue of interruption events. */
  readonly interruptionQueueUrl: string;
}

/** The values module of a workload, found by the workload's id, so that no list of them is kept. */
export function valuesOf(id: string): WorkloadValues {
  const module = `./${id}/values`;
  return (require(module) as { readonly values: WorkloadValues }).values;
}

/**
 * What each daemon of a workload requests, and what is allocatable to Ray pods leaves to it.
 * @throws Error if its record names no daemon set
 */
export function daemonRequests({ daemonSet }: WorkloadConfig): { readonly cpu: string; readonly memory: string } {
  if (daemonSet === null) {
    throw new Error("daemonSet of the workload is null, so its requests would be counted nowhere");
  }
  return { cpu: `${daemonSet.cpuMillis}m`, memory: `${daemonSet.memoryMib}Mi` };
}
