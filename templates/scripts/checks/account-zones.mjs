// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, runJson } from "./run-program.mjs";

/** Physical zones that EKS puts no control plane in (docs.aws.amazon.com/eks, network requirements). */
const REFUSED_ZONES = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Addresses that EKS wants free in a subnet of the control plane: 6 at least, 16 recommended. */
const FREE_ADDRESSES = 16;

/** The zones of the network: of the subnets that the stacks make, or of those that are given. */
export function checkZones(report, environment) {
  const { region, network } = environment;
  const check = "zones";
  const before = report.findings.length;
  const zones =
    network.mode === "created" ? zonesByName(report, check, environment) : zonesOfSubnets(report, check, environment);
  for (const { name, id } of zones) {
    if (REFUSED_ZONES.includes(id)) {
      const fix = "choose other zones in network.availabilityZones";
      report.broken(check, "zone-refused", `${name} is ${id}, where EKS creates no control plane`, fix);
    }
  }
  if (report.findings.length === before) {
    report.ok(check, zones.map(({ name, id }) => `${name} (${id})`).join(", ") || region);
  }
}

function zonesByName(report, check, { region, network }) {
  const args = ["ec2", "describe-availability-zones", "--zone-names", ...network.availabilityZones];
  const answer = runJson("aws", [...args, "--region", region, "--output", "json"]);
  if (answer.ok) {
    return answer.value.AvailabilityZones.map(({ ZoneName, ZoneId }) => ({ name: ZoneName, id: ZoneId }));
  }
  const reason = reasonOf(answer);
  if (/OptInRequired|AuthFailure|not enabled|Could not connect/i.test(reason)) {
    report.broken(check, "region-disabled", reason, `enable ${region} for the account, or check the credentials`);
  } else if (/InvalidParameterValue|Invalid availability zone/i.test(reason)) {
    report.broken(check, "zone-missing", reason, "name zones of your account in network.availabilityZones");
  } else {
    report.notChecked(check, reason);
  }
  return [];
}

function zonesOfSubnets(report, check, { region, network }) {
  const args = ["ec2", "describe-subnets", "--subnet-ids", ...network.nodeSubnetIds];
  const answer = runJson("aws", [...args, "--region", region, "--output", "json"]);
  if (!answer.ok) {
    const reason = reasonOf(answer);
    if (/InvalidSubnetID/i.test(reason)) {
      report.broken(check, "subnet-missing", reason, "correct network.subnetIds, or the account");
    } else {
      report.notChecked(check, reason);
    }
    return [];
  }
  for (const subnet of answer.value.Subnets) {
    const { SubnetId, VpcId, AvailableIpAddressCount, MapPublicIpOnLaunch } = subnet;
    if (VpcId !== network.vpcId) {
      report.broken(check, "subnet-missing", `${SubnetId} is in ${VpcId}`, `name subnets of ${network.vpcId}`);
    }
    if (AvailableIpAddressCount < FREE_ADDRESSES) {
      const detail = `${SubnetId} has ${AvailableIpAddressCount} free addresses`;
      report.broken(check, "addresses-exhausted", detail, "free some, or name larger subnets");
    }
    if (MapPublicIpOnLaunch) {
      report.broken(check, "subnet-public", `${SubnetId} gives public addresses`, "name private subnets");
    }
  }
  return answer.value.Subnets.map(({ AvailabilityZone, AvailabilityZoneId }) => ({
    name: AvailabilityZone,
    id: AvailabilityZoneId,
  }));
}

/** Where the instance types of each pool are offered. */
export function checkOffers(report, { region, pools }) {
  for (const { name, instanceTypes, availabilityZones } of pools) {
    const check = `offers for ${name}`;
    const filter = `Name=instance-type,Values=${instanceTypes.join(",")}`;
    const args = [
      "ec2",
      "describe-instance-type-offerings",
      "--location-type",
      "availability-zone",
      "--filters",
      filter,
    ];
    const answer = runJson("aws", [...args, "--region", region, "--output", "json"]);
    if (!answer.ok) {
      report.notChecked(check, reasonOf(answer));
      continue;
    }
    const zonesOf = (type) =>
      answer.value.InstanceTypeOfferings.filter(
        ({ InstanceType, Location }) => InstanceType === type && availabilityZones.includes(Location),
      ).map(({ Location }) => Location);
    const nowhere = instanceTypes.filter((type) => zonesOf(type).length === 0);
    if (nowhere.length > 0) {
      const detail = `${nowhere.join(", ")} in none of ${availabilityZones.join(", ")}`;
      report.broken(check, "type-not-offered", detail, "name other types, zones or another region");
    } else {
      report.ok(check, instanceTypes.map((type) => `${type} in ${zonesOf(type).length} zones`).join(", "));
    }
  }
}
