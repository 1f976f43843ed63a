// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Tag of a cluster's instances, `owned`. Their launch templates have it, so every instance carries it from its first
 * moment, the nodes that come before their group is active among them; and it names the cluster, since environments may
 * share an account.
 */
export function ownedInstanceTag(clusterName: string): string {
  return `kubernetes.io/cluster/${clusterName}`;
}
