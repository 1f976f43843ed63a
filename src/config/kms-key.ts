// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { checkPattern } from "./patterns";

/** Adds an issue if the ARN is given and is not that of a key in the region: KMS keys encrypt nothing outside theirs. */
export function checkKmsKey(arn: string | undefined, region: string, path: string, issues: IssueList): void {
  if (checkPattern(arn, "kmsKeyArn", path, issues) && arn.split(":")[3] !== region) {
    issues.add(
      path,
      arn,
      `must be a key in the environment's region ${region}`,
      "use a key or replica key of that region",
    );
  }
}
