// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { bucketName } from "./bucket-name";
import type { MergedSettings } from "./merged-settings";
import { checkNumber } from "./patterns";
import type { RayLogsConfig, StateConfig } from "./platform-config";

/** What the bucket's name and place follow from. */
export interface RayLogsContext {
  readonly owner: string | undefined;
  readonly project: string;
  readonly environment: string;
  readonly clusterName: string;
  readonly region: string;
  /** The bootstrap stack makes both buckets, with one provider. */
  readonly state: StateConfig;
}

/** Resolves where logs of Ray's pods are kept; null where they end with their pods. */
export function resolveRayLogs(
  merged: MergedSettings,
  { owner, project, environment, clusterName, region, state }: RayLogsContext,
  issues: IssueList,
): RayLogsConfig | null {
  const days = merged.settings.ray?.logRetentionDays;
  if (days === undefined) {
    return null;
  }
  checkNumber(days, { min: 1, max: 3653 }, merged.path("ray", "logRetentionDays"), issues);
  if (state.region !== region) {
    issues.add(
      merged.path("ray", "logRetentionDays"),
      days,
      `the bootstrap stack makes the bucket of logs in state.region, ${state.region}, and the network of ${region} leads to no other region`,
      "remove state.region, or logRetentionDays",
    );
  }
  return {
    bucket: bucketName([owner, project, environment, "ray-logs", merged.settings.awsAccountId]),
    kmsKeyAlias: `${clusterName}/ray-logs`,
    retentionDays: days,
  };
}
