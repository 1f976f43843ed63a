// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { NetworkConfig } from "../platform-config";

/** RFC 1918 private ranges. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Ranges that node egress could not reach, because the node security group admits RFC 1918 only. */
export function networkViolations(environment: string, network: NetworkConfig): string[] {
  return [network.vpcCidr, ...network.nodeSubnetCidrs, ...network.publicSubnetCidrs]
    .filter((cidr) => !isPrivate(cidr))
    .map(
      (cidr) =>
        `environment "${environment}" network range ${cidr} is outside RFC 1918 (${privateRanges.join(", ")}), ` +
        "which node egress is limited to, so pods could not reach each other; use a private range",
    );
}

/** Whether an IPv4 range is within those of RFC 1918. */
export function isPrivate(cidr: string): boolean {
  return privateRanges.some((range) => contains(range, cidr));
}

function contains(outer: string, inner: string): boolean {
  const [outerAddress, outerBits] = parse(outer);
  const [innerAddress, innerBits] = parse(inner);
  const size = 2 ** (32 - outerBits);
  return innerBits >= outerBits && Math.floor(innerAddress / size) === Math.floor(outerAddress / size);
}

function parse(cidr: string): [address: number, bits: number] {
  const [address = "", bits = ""] = cidr.split("/");
  return [address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0), Number(bits)];
}
