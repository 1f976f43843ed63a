// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "./package-data";

/** List prices of EC2 instances in one region on one day, from data/instance-prices.json. */
export interface InstancePrices {
  /** The region whose prices they are. */
  readonly region: string;
  /** Day on which AWS published them. */
  readonly asOf: string;
  /** On demand, in USD an hour. A type without a published price is absent. */
  readonly usdAnHour: { readonly [type: string]: number };
}

export function instancePrices(): InstancePrices {
  return packageData<InstancePrices>("instance-prices");
}
