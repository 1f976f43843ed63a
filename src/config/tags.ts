// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { MergedSettings } from "./merged-settings";
import { checkPattern } from "./patterns";
import type { PolicyLimits } from "./platform-config";

/** AWS allows 50 tags; a scaling group also has one for each label, and some of the autoscaler's, EKS's and the platform's. */
const MOST_TAGS = 20;

/** Tags that the platform sets on single resources. */
const SET_BY_STACKS =
  /^(?:name$|eks:|(?:.+\.)?k8s\.io\/|(?:.+\.)?kubernetes\.io\/|(?:.+\.)?k8s\.amazonaws\.com\/|aws-node-termination-handler\/)/i;

/** Resolves the tags of everything that can carry them. */
export function resolveTags(
  merged: MergedSettings,
  fixed: Readonly<Record<string, string>>,
  limits: PolicyLimits,
  issues: IssueList,
): Record<string, string> {
  const own = merged.settings.tags ?? {};
  const seen = new Map(Object.keys(fixed).map((key) => [key.toLowerCase(), key]));
  for (const [key, value] of Object.entries(own)) {
    const path = merged.path("tags", key);
    checkPattern(key, "tagKey", path, issues);
    checkPattern(value, "tagValue", path, issues);
    const same = seen.get(key.toLowerCase());
    if (Object.hasOwn(fixed, key) || SET_BY_STACKS.test(key)) {
      issues.add(path, value, `${key} is set by the platform`, "remove it");
    } else if (same !== undefined) {
      issues.add(
        path,
        value,
        `differs from the tag ${same} in case only, and IAM takes them for the same`,
        "remove one of the two",
      );
    }
    seen.set(key.toLowerCase(), key);
  }
  if (Object.keys(own).length > MOST_TAGS) {
    issues.add(
      merged.path("tags"),
      Object.keys(own),
      `at most ${MOST_TAGS} tags: AWS allows 50, and scaling groups also carry one for each label`,
      "remove some",
    );
  }
  const tags = { ...own, ...fixed };
  for (const tag of limits.terraform.required_tags.filter((name) => !Object.hasOwn(tags, name))) {
    issues.add("policyLimits.requiredTags", tag, "every required tag is set", `add tags.${tag}`);
  }
  return tags;
}
