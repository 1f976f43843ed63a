// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GitHubRepository } from "../config/github-repository";
import type { WorkflowSettings } from "../config/workflow-settings";
import type { PinTable } from "../workflow-rules/pin-table";

/** What workflows and configurations are adjusted by. */
export interface AdjustmentContext {
  readonly settings: WorkflowSettings;
  readonly facts: GitHubRepository;
  readonly pins: PinTable;
}
