// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GitHubEnvironment } from "../config/github-repository";
import type { AdjustmentContext, EnvironmentInputs } from "./adjustment-context";

/** What called workflows are told beside what every environment has. */
export function environmentInputs(context: AdjustmentContext): EnvironmentInputs {
  return context.inputs ?? inputsOf(context);
}

function inputsOf(context: AdjustmentContext): EnvironmentInputs {
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
