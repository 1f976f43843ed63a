// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { instancePrices } from "./instance-prices";
import { instanceType } from "./instance-types";

const HOURS_A_MONTH = 730;

/** Nodes of one instance type. */
export type CountedNodes = readonly [count: number, type: string];

/** An instance type of a pool. */
export interface CountedType {
  readonly name: string;
  readonly vcpu: number;
}

/**
 * Which of a pool's types is counted where it is idle, the cheapest, and which where it is full, the most expensive. Nobody knows
 * that a type without a price is cheaper than another.
 */
export function countedTypes(names: readonly string[]): { readonly idle: CountedType; readonly full: CountedType } {
  const { usdAnHour } = instancePrices();
  const price = (name: string) => (Object.hasOwn(usdAnHour, name) ? usdAnHour[name] : Number.MAX_VALUE);
  const types = names
    .map((name) => ({ name, vcpu: instanceType(name)?.vcpu ?? 0 }))
    .sort((one, other) => price(one.name) - price(other.name) || one.vcpu - other.vcpu);
  return { idle: types[0], full: types[types.length - 1] };
}

/** What is billed beside the nodes, and has no price here. */
export const NOT_IN_PRICE =
  "volumes, the cluster, endpoints, NAT gateways, keys, logs and traffic; discounts and other regions";

/** What nodes cost a month at list price in USD, or the types of which no price is published. */
export function monthlyPrice(
  nodes: readonly CountedNodes[],
): { readonly usd: number } | { readonly absent: readonly string[] } {
  const { usdAnHour } = instancePrices();
  const needed = nodes.filter(([count]) => count > 0);
  const absent = needed.filter(([, type]) => !Object.hasOwn(usdAnHour, type)).map(([, type]) => type);
  return absent.length > 0
    ? { absent: [...new Set(absent)] }
    : { usd: needed.reduce((sum, [count, type]) => sum + count * usdAnHour[type] * HOURS_A_MONTH, 0) };
}

/** An amount as numbers are written in prose. */
export function usdText(usd: number): string {
  return String(Math.round(usd)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
