// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { NatMode } from "../options/nat-mode";
import type { NetworkOptions } from "../options/network-options";
import { S3Access } from "../options/s3-access";
import { Ipv4Cidr } from "./ipv4-cidr";
import { checkRetention } from "./log-retention";
import type { MergedSettings } from "./merged-settings";
import { checkPattern } from "./patterns";
import type { NetworkConfig, RayConfig, WorkloadConfig } from "./platform-config";
import { dataEndpoints } from "./ray-data";
import { region as knownRegion } from "./regions";

/** A VPC's range has eight equal parts. The last holds the public subnets; no region has more than seven zones. */
const LAST_PLACE = 6;

/** Endpoints that the nodes of every platform need in a closed network. Workloads name their own beside. */
const NODE_ENDPOINTS = [
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "ssm",
  "ssmmessages",
  "sts",
];

/** Resolves the network of an environment, less its endpoints: they follow from the workloads, which follow from its zones. */
export function resolveNetwork(
  merged: MergedSettings,
  region: string,
  issues: IssueList,
): Omit<NetworkConfig, "interfaceEndpoints"> {
  const options = merged.settings.network ?? {};
  const at = (field: string) => merged.path("network", field);
  const existing = options.vpcId !== undefined;
  checkPattern(options.vpcId, "vpcId", at("vpcId"), issues);
  (options.subnetIds ?? []).forEach((id, index) => checkPattern(id, "subnetId", at(`subnetIds[${index}]`), issues));
  (options.additionalEndpoints ?? []).forEach((name, index) => {
    checkPattern(name, "endpointService", at(`additionalEndpoints[${index}]`), issues);
    if (name === "s3") {
      issues.add(
        at(`additionalEndpoints[${index}]`),
        name,
        "s3Access says how S3 is reached",
        "remove it, and set s3Access to S3Access.INTERFACE if that is what you mean",
      );
    }
  });
  if (existing) {
    if ((options.subnetIds ?? []).length < 2) {
      issues.add(
        at("subnetIds"),
        options.subnetIds,
        "a given VPC needs its private subnets, in at least two zones",
        "list two or more subnet ids",
      );
    }
    if (options.vpcCidr === undefined) {
      issues.add(
        at("vpcCidr"),
        undefined,
        "a given VPC needs its range, which security groups use",
        "write the range of the VPC",
      );
    }
    for (const field of ["nat", "s3Access", "additionalEndpoints", "flowLogRetentionDays"] as const) {
      if (options[field] !== undefined && !(field === "s3Access" && options.s3Access === S3Access.GATEWAY)) {
        issues.add(
          at(field),
          options[field],
          "is for a created VPC only; a given VPC belongs to its owner",
          `remove ${field} or vpcId`,
        );
      }
    }
  } else if (options.subnetIds !== undefined) {
    issues.add(
      at("subnetIds"),
      options.subnetIds,
      "subnets are given together with their VPC",
      "add vpcId, or remove subnetIds",
    );
  }

  const zones = resolveZones(options, region, at, issues);
  const range = resolveRange(options.vpcCidr ?? "10.0.0.0/16", existing, at("vpcCidr"), issues);
  checkRetention(options.flowLogRetentionDays, at("flowLogRetentionDays"), issues);
  const nat = options.nat ?? NatMode.NONE;
  const s3Access = options.s3Access ?? S3Access.GATEWAY;

  return {
    mode: existing ? "existing" : "created",
    vpcId: options.vpcId ?? null,
    nodeSubnetIds: options.subnetIds ?? [],
    vpcCidr: String(range),
    availabilityZones: zones,
    nodeSubnetCidrs: existing ? [] : zones.map((zone) => String(range.subnet(range.prefix + 3, place(zone)))),
    publicSubnetCidrs:
      existing || nat === NatMode.NONE ? [] : zones.map((zone) => String(publicSubnet(range, place(zone)))),
    nat,
    s3Access,
    flowLogRetentionDays: options.flowLogRetentionDays ?? 365,
  };
}

/** Services that nodes, workloads and Ray's pods call, as their interface endpoints are named, sorted. */
export function requiredEndpoints(workloads: readonly WorkloadConfig[], { identities }: RayConfig): string[] {
  const ofWorkloads = workloads.flatMap(({ endpoints }) => endpoints);
  return [...new Set([...NODE_ENDPOINTS, ...ofWorkloads, ...dataEndpoints(identities)])].sort();
}

/** Interface endpoints that the network stack makes: none in a given VPC, which has its own. */
export function interfaceEndpoints(merged: MergedSettings, required: readonly string[]): string[] {
  const { vpcId, s3Access, additionalEndpoints = [] } = merged.settings.network ?? {};
  if (vpcId !== undefined) {
    return [];
  }
  const s3 = s3Access === S3Access.INTERFACE ? ["s3"] : [];
  return [...new Set([...required, ...s3, ...additionalEndpoints])].sort();
}

/** Zones that nodes may run in: a created VPC has a subnet in each, a given one has its own subnets there. */
function resolveZones(
  options: NetworkOptions,
  region: string,
  at: (field: string) => string,
  issues: IssueList,
): readonly string[] {
  const offered = knownRegion(region)?.zones;
  const zones = options.availabilityZones ?? offered?.slice(0, 3) ?? [];
  if (offered === undefined) {
    return zones; // the region has an issue already
  }
  const example = `use for example ${offered.slice(0, 3).join(", ")}`;
  if (zones.some((zone) => !zone.startsWith(region) || !/^[a-z]$/.test(zone.slice(region.length)))) {
    issues.add(at("availabilityZones"), zones, `zones are those of ${region}`, example);
  }
  const different = new Set(zones).size;
  if (options.vpcId !== undefined && options.availabilityZones === undefined) {
    issues.add(
      at("availabilityZones"),
      undefined,
      "a given VPC needs the zones of its subnetIds, for GPUs and EFA are not in every zone",
      example,
    );
  } else if (different < 2 || zones.length > 4 || different !== zones.length) {
    issues.add(at("availabilityZones"), zones, "two to four different zones (EKS needs two)", example);
  }
  return zones;
}

function resolveRange(text: string, existing: boolean, path: string, issues: IssueList): Ipv4Cidr {
  const fallback = Ipv4Cidr.parse("10.0.0.0/16")!;
  const range = Ipv4Cidr.parse(text);
  if (range === undefined) {
    issues.add(
      path,
      text,
      "must be an IPv4 range whose address has no bits behind the prefix",
      "write a range such as 10.0.0.0/16",
    );
    return fallback;
  }
  if (!range.isPrivate) {
    issues.add(
      path,
      text,
      "must be within RFC 1918: the node security group admits nothing else (NET-01)",
      "use a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    );
    return fallback;
  }
  if (range.prefix < (existing ? 8 : 16) || range.prefix > (existing ? 28 : 20)) {
    issues.add(
      path,
      text,
      existing
        ? "must be from /8 to /28"
        : "must be from /16 (the most a VPC holds) to /20 (the least that holds three zones of pods)",
      "choose a range such as 10.0.0.0/16",
    );
    return fallback;
  }
  return range;
}

/**
 * The place of a zone's subnets in the VPC's range, by the letter of the zone: a subnet must not move when a zone before it is
 * removed, for it would be replaced under the nodes in it.
 */
function place(zone: string): number {
  return Math.min(LAST_PLACE, Math.max(0, zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0)));
}

/** Public subnets are /28, at the very end of the VPC's range, behind all node subnets (eight equal parts, the last unused). */
function publicSubnet(range: Ipv4Cidr, index: number): Ipv4Cidr {
  return range.subnet(28, 2 ** (28 - range.prefix) - 1 - index);
}
