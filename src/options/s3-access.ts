// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** How nodes reach Amazon S3 (container image layers come from there). */
export enum S3Access {
  /** Gateway endpoint: free; needs one egress rule for S3's prefix list, which is not an RFC 1918 range. */
  GATEWAY = "gateway",
  /** Interface endpoint with private DNS: billed per hour and gigabyte; egress stays within RFC 1918 to the letter. */
  INTERFACE = "interface",
}
