// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { CostAction } from "../options/cost-action";
import type { IssueList } from "../options/option-issues";
import { instancePrices } from "./instance-prices";
import type { MergedSettings } from "./merged-settings";
import { countedTypes, monthlyPrice, NOT_IN_PRICE, usdText } from "./node-price";
import { checkNumber } from "./patterns";
import type { CostConfig, NodePoolConfig } from "./platform-config";

/** About twice what the default platform comes to, and less than its GPU pool with nodes of eight A100 or H100. */
const DEFAULT_MAX_MONTHLY_USD = 25_000;

/** Resolves the limit of an environment's cost, and holds the environment against it. */
export function resolveCost(
  merged: MergedSettings,
  environment: string,
  pools: readonly NodePoolConfig[],
  issues: IssueList,
): CostConfig {
  const { maxMonthlyUsd, aboveMax = CostAction.WARN } = merged.settings.cost ?? {};
  const path = merged.path("cost", "maxMonthlyUsd");
  const isGiven = checkNumber(maxMonthlyUsd, { min: 1, max: 100_000_000 }, path, issues);
  const limit = isGiven ? maxMonthlyUsd : DEFAULT_MAX_MONTHLY_USD;
  const excess = excessOf(environment, pools, limit, isGiven);
  if (excess !== undefined) {
    const report = aboveMax === CostAction.DENY ? issues.add.bind(issues) : issues.warn.bind(issues);
    report(path, limit, excess.rule, excess.fix);
  }
  return { maxMonthlyUsd: limit, aboveMax };
}

/** What an environment has above its limit, in words. Without a price nobody can say; that matters where a limit was given. */
function excessOf(
  environment: string,
  pools: readonly NodePoolConfig[],
  limit: number,
  isGiven: boolean,
): { readonly rule: string; readonly fix: string } | undefined {
  const rows = pools
    .filter(({ maxSize, instanceTypes }) => maxSize > 0 && instanceTypes.length > 0)
    .map(({ name, maxSize, instanceTypes }) => {
      const type = countedTypes(instanceTypes).full.name;
      return { text: `${name} ${maxSize} of ${type}`, price: monthlyPrice([[maxSize, type]]) };
    });
  const known = rows.flatMap(({ text, price }) => ("usd" in price ? [{ text, usd: price.usd }] : []));
  const unknown = rows.filter(({ price }) => "absent" in price).map(({ text }) => text);
  const usd = known.reduce((sum, row) => sum + row.usd, 0);
  if (usd <= limit && (unknown.length === 0 || !isGiven)) {
    return undefined;
  }
  const { region, asOf } = instancePrices();
  const parts = known.map((row) => `${row.text} ${usdText(row.usd)}`).join(", ");
  const withoutPrice =
    unknown.length === 0 ? "" : `; without a published price, and not counted: ${unknown.join(", ")}`;
  return {
    rule:
      `${environment} may cost ${usdText(usd)} USD a month in nodes${unknown.length === 0 ? "" : " and more"} if every pool stays` +
      ` at its maximum size, on-demand list price in ${region} of ${asOf}: ${parts}${withoutPrice}. Not included: ${NOT_IN_PRICE}`,
    fix:
      usd > limit
        ? "lower maxSize of pools or choose smaller types, or raise the limit to what you mean to spend (docs/cost.md)"
        : "choose types with a published price; until then, the environment cannot be compared with the limit (docs/cost.md)",
  };
}
