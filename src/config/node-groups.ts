// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { NodeGroupConfig } from "./platform-config";

/** Sizes of a pool. */
export interface PoolSizes {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
}

/**
 * A pool's node groups, one for each zone. A group over several zones would be rebalanced by EC2, which ends nodes that work,
 * whatever disruption budgets say; and the cluster autoscaler could not tell in which zone its next node starts, so that a
 * pod with a volume might wait for ever.
 *
 * Sizes are shared out evenly, so that all groups together keep the pool's. Each group must have room to grow, so a pool uses
 * no more zones than it has nodes between its smallest and its largest size.
 */
export function nodeGroups(
  pool: string,
  zones: readonly string[],
  region: string,
  { minSize, maxSize, desiredSize }: PoolSizes,
): NodeGroupConfig[] {
  const used = zones.slice(0, Math.max(1, Math.min(zones.length, maxSize - minSize)));
  return used.map((zone, index) => ({
    name: `${pool}-${zoneSuffix(zone, region)}`,
    availabilityZone: zone,
    minSize: share(minSize, used.length, index),
    maxSize: share(maxSize, used.length, index),
    desiredSize: share(desiredSize, used.length, index),
  }));
}

/** Part `index` of a whole in equal parts; the first ones are larger by one where it does not divide. */
function share(whole: number, parts: number, index: number): number {
  return Math.floor((whole + parts - 1 - index) / parts);
}

/** What tells a region's zones apart: `a` of `eu-west-1a`, `bos-1a` of the local zone `us-east-1-bos-1a`. */
function zoneSuffix(zone: string, region: string): string {
  return zone.startsWith(region) ? zone.slice(region.length).replace(/^-/, "") : zone;
}
