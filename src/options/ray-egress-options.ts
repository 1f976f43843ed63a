// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A destination that Ray pods may reach. The node security group limits it further: private ranges, and S3 on 443. */
export interface RayEgressOptions {
  /** IPv4 range, such as `10.20.0.0/16`; `0.0.0.0/0` with port 443 admits S3 through its gateway endpoint. */
  readonly cidr: string;
  /**
   * TCP ports, from 1 to 65535.
   * @default [443]
   */
  readonly ports?: number[];
}
