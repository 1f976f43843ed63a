// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Project } from "projen/lib/project";

/** Options of a generated platform repository. */
export interface RayPlatformProjectOptions {
  /**
   * Name of the repository.
   * @default $BASEDIR
   */
  readonly name: string;
}

/**
 * A private Ray-on-EKS platform.
 * @pjid ray-platform
 */
export class RayPlatformProject extends Project {
  public constructor(options: RayPlatformProjectOptions) {
    super({ ...options });
  }
}
