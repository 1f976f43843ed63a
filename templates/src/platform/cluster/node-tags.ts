// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { clusterTag } from "../cluster-tag";
import type { EnvironmentConfig } from "../platform-config";

/**
 * Tag of a cluster's instances, `owned`. Their launch templates have it, so every instance carries it from its first
 * moment, the nodes that come before their group is active among them; and it names the cluster, since environments may
 * share an account.
 */
export function ownedInstanceTag(clusterName: string): string {
  return `kubernetes.io/cluster/${clusterName}`;
}

/** Tags that only say what a machine is. Rights are bound to the other one, so a machine must not be without it. */
export function describingTags({ tags }: EnvironmentConfig): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== clusterTag));
}
