// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "./platform-config";
import type { PolicyStatement } from "./policy-document";

/** Tag on everything of an environment that can carry tags; its value, the cluster's name, is unique in an account. */
export const clusterTag = "ray-platform/cluster";

/** Holds for a resource that carries the environment's tag. */
export function isOwn({ cluster }: EnvironmentConfig): PolicyStatement["Condition"] {
  return { StringEquals: { [`aws:ResourceTag/${clusterTag}`]: cluster.name } };
}

/** Holds for a request that puts the environment's tag on what it makes. */
export function becomesOwn({ cluster }: EnvironmentConfig): PolicyStatement["Condition"] {
  return { StringEquals: { [`aws:RequestTag/${clusterTag}`]: cluster.name } };
}
