// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { CostAction } from "./cost-action";

/** What an environment may cost. */
export interface CostOptions {
  /**
   * Most US dollars a month that the nodes of an environment may cost if every pool stays at its maximum size, at the on-demand
   * list price in `docs/cost.md`, which says what is not included. From 1 to 100,000,000.
   * @default 25000
   */
  readonly maxMonthlyUsd?: number;
  /**
   * What happens above it, or where a type has no published price.
   * @default CostAction.WARN
   */
  readonly aboveMax?: CostAction;
}
