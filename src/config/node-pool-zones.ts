// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { instanceType } from "./instance-types";
import type { PoolRequest } from "./node-pool-requests";
import { region as knownRegion } from "./regions";

/** Zones of the network that offer the pool's GPU family; all of them for pools without GPU. */
export function offeredZones(
  request: PoolRequest,
  zones: readonly string[],
  region: string,
  issues: IssueList,
): readonly string[] {
  const gpuZones = knownRegion(region)?.gpuZones;
  const families = [
    ...new Set(
      request.instanceTypes.filter((name) => (instanceType(name)?.gpus ?? 0) > 0).map((name) => name.split(".")[0]),
    ),
  ];
  if (gpuZones === undefined || families.length === 0) {
    return zones;
  }
  const offered = zones.filter((zone) => families.every((family) => gpuZones[family]?.includes(zone)));
  if (offered.length === 0) {
    const where = families
      .map((family) => `${family}: ${(gpuZones[family] ?? []).join(", ") || "nowhere in the region"}`)
      .join("; ");
    const others = Object.keys(gpuZones).filter((family) => zones.some((zone) => gpuZones[family].includes(zone)));
    issues.add(
      request.typesPath,
      request.instanceTypes,
      `no zone of the network offers them (${where})`,
      `choose another region, other zones in network.availabilityZones, or another GPU: the network's zones have ${others.join(", ") || "none"}`,
    );
    return zones;
  }
  return offered;
}

export function resolveZones(
  request: PoolRequest,
  zones: readonly string[],
  oneZone: boolean,
  issues: IssueList,
): readonly string[] {
  const chosen = request.options.availabilityZones ?? (oneZone ? zones.slice(0, 1) : zones);
  if (zones.length === 0) {
    return chosen; // the region is unknown, which is said already
  }
  const unknown = chosen.filter((zone) => !zones.includes(zone));
  if (unknown.length > 0 || chosen.length === 0) {
    issues.add(
      request.at("availabilityZones"),
      chosen,
      `must be zones of the network that offer the types: ${zones.join(", ")}`,
      "remove it, or name some of them",
    );
  } else if (oneZone && chosen.length !== 1) {
    issues.add(request.at("availabilityZones"), chosen, "EFA and capacity blocks live in one zone", "name one zone");
  }
  return chosen;
}
