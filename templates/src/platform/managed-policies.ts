// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Policies of AWS that the cluster's role has. */
export const clusterRolePolicies = ["AmazonEKSClusterPolicy"] as const;

/** Policies of AWS that the nodes' role has: join the cluster, pull images, be reached through Session Manager. */
export const nodeRolePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;
