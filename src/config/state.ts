// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { bucketName } from "./bucket-name";
import type { MergedSettings } from "./merged-settings";
import { checkPattern } from "./patterns";
import type { StateConfig } from "./platform-config";
import { checkRegion } from "./regions";

/** What the bucket's default name is made of. */
export interface StateContext {
  readonly owner: string | undefined;
  readonly project: string;
  readonly environment: string;
  readonly region: string;
  /** Regions that the policies allow; the bucket is a resource as others are. */
  readonly allowedRegions: readonly string[];
}

/** Resolves where Terraform keeps the state of an environment. */
export function resolveState(
  merged: MergedSettings,
  { owner, project, environment, region, allowedRegions }: StateContext,
  issues: IssueList,
): StateConfig {
  const options = merged.settings.state ?? {};
  checkPattern(options.bucket, "bucket", merged.path("state", "bucket"), issues);
  const regionPath = merged.path("state", "region");
  if (checkRegion(options.region, regionPath, issues) && !allowedRegions.includes(options.region!)) {
    issues.add(
      regionPath,
      options.region,
      `the policies allow ${allowedRegions.join(", ")}`,
      "add it to allowedRegions, or remove it",
    );
  }
  return {
    bucket: options.bucket ?? bucketName([owner, project, environment, "tfstate", merged.settings.awsAccountId]),
    kmsKeyAlias: `${project}-${environment}-tfstate`,
    region: options.region ?? region,
  };
}
