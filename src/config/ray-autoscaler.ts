// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { RayOptions } from "../options/ray-options";
import { checkNumber } from "./patterns";
import type { RayAutoscalerConfig } from "./platform-config";

/**
 * Resolves the autoscaler, which is sized from the workers that there can be: it keeps the state of each in memory, and where
 * its memory ends it is killed and not started again, so that workers neither come nor go any more.
 *
 * @param workers all groups at their largest
 */
export function resolveAutoscaler(
  options: RayOptions,
  workers: number,
  at: (field: string) => string,
  issues: IssueList,
): RayAutoscalerConfig {
  const enabled = options.autoscaling ?? true;
  const idleTimeoutSeconds = options.idleTimeoutSeconds ?? 600;
  if (options.autoscalerMemoryGib !== undefined && !enabled) {
    issues.add(
      at("autoscalerMemoryGib"),
      options.autoscalerMemoryGib,
      "there is no autoscaler without autoscaling",
      "remove it, or set autoscaling",
    );
  }
  checkNumber(
    options.autoscalerMemoryGib,
    { min: LEAST_MEMORY_GIB, max: 64, fraction: true },
    at("autoscalerMemoryGib"),
    issues,
  );
  return enabled
    ? {
        enabled,
        idleTimeoutSeconds,
        cpu: 0.5 + 0.5 * Math.floor(workers / 250),
        memoryGib: options.autoscalerMemoryGib ?? memoryGib(workers),
      }
    : { enabled, idleTimeoutSeconds, cpu: 0, memoryGib: 0 };
}

/** KubeRay's own default, which small clusters do with. */
const LEAST_MEMORY_GIB = 0.5;

/** A quarter of a GiB for every 25 workers begun. */
function memoryGib(workers: number): number {
  return LEAST_MEMORY_GIB + 0.25 * Math.ceil(workers / 25);
}
