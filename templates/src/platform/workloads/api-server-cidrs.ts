// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";

/** Ranges that pods see the API server in: its interfaces in the VPC, and the first address of the service range. */
export function apiServerCidrs({ network, cluster }: EnvironmentConfig): string[] {
  // EKS takes one of these two, whichever does not overlap the VPC, unless a range is given.
  const services = cluster.serviceCidr === null ? ["10.100.0.0/16", "172.20.0.0/16"] : [cluster.serviceCidr];
  return [network.vpcCidr, ...services.map((cidr) => `${(cidr.split("/")[0] as string).replace(/\.0$/, ".1")}/32`)];
}
