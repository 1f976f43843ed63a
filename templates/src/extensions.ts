// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { PlatformStacks } from "./platform/build-platform";

/**
 * Your own resources. Called once for each environment, after its stacks are built and before they are written.
 *
 * Add constructs to a stack (`new S3Bucket(stacks.cluster, "data", { ... })`), or change one with the escape hatches of
 * the construct library (`stacks.cluster.nodePools.get("gpu")?.launchTemplate.addOverride(...)`). The policies judge the
 * result like everything else.
 */
export function extend(_stacks: PlatformStacks): void {
  // Nothing yet.
}
