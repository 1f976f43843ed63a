// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Alias of a key of a cluster. The slash ends the cluster's name, so that IAM can tell its aliases from any other's. */
export function keyAlias(clusterName: string, use: "secrets" | "flow-logs"): string {
  return `alias/${clusterName}/${use}`;
}
