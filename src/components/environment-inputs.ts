// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GitHubEnvironment } from "../config/github-repository";
import type { AdjustmentContext } from "./adjustment-context";

/** What called workflows are told beside what every environment has: only where some environment needs it. */
export interface EnvironmentInputs {
  /** Accounts whose number the options name. */
  readonly accounts: boolean;
  /** Partitions whose audience is not the one that the action takes by itself. */
  readonly audiences: boolean;
  /** GitHub environments of other names than those of the options. */
  readonly githubEnvironments: boolean;
  /** Registries that a workflow fills: in no environment, in some, in all. */
  readonly mirrors: "none" | "some" | "all";
}

export function environmentInputs(context: AdjustmentContext): EnvironmentInputs {
  const { environments } = context.facts;
  const mirrored = environments.filter((environment) => isMirrored(environment, context));
  return {
    accounts: environments.some(({ accountId }) => accountId !== undefined),
    audiences: environments.some(isInChina),
    githubEnvironments: environments.some(
      ({ name, githubEnvironment }) => githubEnvironment !== undefined && githubEnvironment !== name,
    ),
    mirrors: mirrored.length === 0 ? "none" : mirrored.length < environments.length ? "some" : "all",
  };
}

/** Whether a workflow fills a registry for an environment. */
export function isMirrored({ mirrored }: GitHubEnvironment, { settings }: AdjustmentContext): boolean {
  return mirrored && settings.files["mirror-images"].enabled;
}

export function isInChina({ region }: GitHubEnvironment): boolean {
  return region.startsWith("cn-");
}
