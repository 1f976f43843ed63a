// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** NAT gateways of a created VPC. The node security group admits only private ranges and S3 whatever is chosen. */
export enum NatMode {
  /** None, and no public subnet: a closed network that uses VPC endpoints and mirrored images. */
  NONE = "none",
  /** One gateway in the first zone. */
  SINGLE = "single",
  /** One gateway in each zone. */
  PER_ZONE = "per-zone",
}
