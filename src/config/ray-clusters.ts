// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayOptions } from "../options/ray-options";
import { ServiceUpgrade } from "../options/service-upgrade";

/** Whether an upgrade of the RayService runs old and new cluster side by side. */
export function runsTwice({ serveConfig, serviceUpgrade }: RayOptions): boolean {
  return serveConfig !== undefined && serviceUpgrade !== ServiceUpgrade.NONE;
}

/** Whether there are at times two clusters of the same shape: an upgrade of the RayService makes one, and a RayJob has its own. */
export function hasTwoClusters(options: RayOptions): boolean {
  return runsTwice(options) || options.jobEntrypoint !== undefined;
}
