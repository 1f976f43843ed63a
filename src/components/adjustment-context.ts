// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GitHubRepository } from "../config/github-repository";
import type { WorkflowSettings } from "../config/workflow-settings";
import type { PinTable } from "../workflow-rules/pin-table";

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

/** What workflows and configurations are adjusted by. */
export interface AdjustmentContext {
  readonly settings: WorkflowSettings;
  readonly facts: GitHubRepository;
  readonly pins: PinTable;
  /** What called workflows are told of environments. Default: what the facts come to. */
  readonly inputs?: EnvironmentInputs;
}
