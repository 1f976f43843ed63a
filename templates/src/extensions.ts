// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { PlatformStacks } from "./platform/build-platform";

/**
 * Your own resources. Called once for each environment, after its stacks are built and before they are written.
 *
 * Add constructs to a stack (`new S3Bucket(stacks.cluster, "data", { ... })`), or change one with the escape hatches of
 * the construct library (`stacks.cluster.nodePools.get("gpu")?.launchTemplate.addOverride(...)`). The policies judge the
 * result like everything else.
 *
 * Scanners see resources that are constructs of their provider. One that an override adds to a stack
 * (`stack.addOverride("resource.aws_s3_bucket.data", { ... })`) fails the synthesis; put a stack of your own directly below the app.
 */
export function extend(_stacks: PlatformStacks): void {
  // Nothing yet.
}
