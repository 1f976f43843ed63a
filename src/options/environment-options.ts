// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentSettings } from "./environment-settings";

/** One environment. What it leaves out is taken from the options of the project. */
export interface EnvironmentOptions extends EnvironmentSettings {
  /** Name: lower-case letters, digits and hyphens, at most 16 characters. First part of the stacks' names. */
  readonly name: string;
  /**
   * Protect from deletion.
   * @default - true for the names `prod` and `production`
   */
  readonly production?: boolean;
  /**
   * Name of the EKS cluster.
   * @default - the project's cluster name and the environment's name
   */
  readonly clusterName?: string;
  /**
   * GitHub environment that the apply role is bound to, with its reviewers.
   * @default - `name`
   */
  readonly githubEnvironment?: string;
}
