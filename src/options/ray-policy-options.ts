// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Further actions in AWS that Ray's pods may do. IAM and STS are left out: no pod may give itself rights. */
export interface RayPolicyOptions {
  /** Actions, such as `dynamodb:GetItem`. A wildcard may stand in an action, not for a service. */
  readonly actions: string[];
  /** ARNs that the actions are allowed on. `*` is for actions that only describe or list. */
  readonly resources: string[];
}
