// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The log group that EKS writes control-plane logs to; EKS chooses the name. */
export function clusterLogGroupName(clusterName: string): string {
  return `/aws/eks/${clusterName}/cluster`;
}
