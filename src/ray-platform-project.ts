// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Project } from "projen/lib/project";
import { resolvePlatformConfig } from "./config/resolve-platform-config";
import type { RayPlatformProjectOptions } from "./options/ray-platform-project-options";

/**
 * A private Ray-on-EKS platform.
 * @pjid ray-platform
 */
export class RayPlatformProject extends Project {
  public constructor(options: RayPlatformProjectOptions) {
    super({ name: options.name, outdir: options.outdir });
    resolvePlatformConfig(options);
  }
}
