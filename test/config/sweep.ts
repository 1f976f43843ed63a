// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { regions } from "../../src/config/regions";
import { withStatedGpuTypes } from "../../src/config/stated-gpu-types";
import { Accelerator } from "../../src/options/accelerator";
import { withValueAt } from "../options/assembly";
import { EFFECTS } from "../options/effects";
import type { Options } from "../options/resolve";

/** Each accelerator in each region, as `projen new --accelerator --aws-region --allowed-regions` asks for it. */
export const ACCELERATORS_IN_REGIONS: readonly (readonly [accelerator: Accelerator, region: string])[] = Object.values(
  Accelerator,
).flatMap((accelerator) => Object.keys(regions()).map((region) => [accelerator, region] as const));

/** Whether a region has a GPU family in two zones or one. */
export function isOffered(accelerator: Accelerator, region: string): boolean {
  return accelerator === Accelerator.NONE || accelerator in regions()[region].gpuZones;
}

/** Option sets whose configurations differ: nothing, each option by itself, and each accelerator where it is offered. */
export const SWEEP: readonly (readonly [title: string, options: Options])[] = [
  ["nothing", {}],
  ...EFFECTS.map(({ option, value, beside }) => [option, withValueAt(beside ?? {}, option, value)] as const),
  ...ACCELERATORS_IN_REGIONS.filter(([accelerator, region]) => isOffered(accelerator, region)).map(
    ([accelerator, awsRegion]): [string, Options] => [
      `${accelerator} in ${awsRegion}`,
      withStatedGpuTypes({ accelerator, awsRegion, allowedRegions: [awsRegion] }),
    ],
  ),
];
