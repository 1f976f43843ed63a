// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { IssueList } from "../options/option-issues";
import type { MergedSettings } from "./merged-settings";
import { checkPattern } from "./patterns";
import type { StateConfig } from "./platform-config";
import { checkRegion } from "./regions";

const BUCKET_NAME_LENGTH = 63;

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
  const parts = [owner?.toLowerCase(), project, environment, "tfstate", merged.settings.awsAccountId];
  return {
    bucket: options.bucket ?? bucketName(parts.filter((part) => part !== undefined).join("-")),
    kmsKeyAlias: `${project}-${environment}-tfstate`,
    region: options.region ?? region,
  };
}

/** A name that is too long is cut, and a hash of the whole keeps it unique. */
function bucketName(name: string): string {
  if (name.length <= BUCKET_NAME_LENGTH) {
    return name;
  }
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, BUCKET_NAME_LENGTH - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
