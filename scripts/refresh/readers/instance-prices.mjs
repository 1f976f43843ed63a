// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { listOf, mapOf, members, TEXT } from "../source.mjs";

const FILE = "data/instance-prices.json";
const REGION = "us-east-1";
const MEANS = "docs/cost.md and the summaries of plans count with it, and cost.maxMonthlyUsd is held against it";
/** On demand, Linux, shared tenancy: one product for each type. */
const WANTED = {
  regionCode: REGION,
  productFamily: "Compute Instance",
  operatingSystem: "Linux",
  preInstalledSw: "NA",
  tenancy: "Shared",
  capacitystatus: "Used",
  marketoption: "OnDemand",
};
const NAME = members({ product: members({ attributes: members({ instanceType: TEXT }) }) });
const PRICE = members({
  terms: members({
    OnDemand: mapOf(
      members({ priceDimensions: mapOf(members({ unit: { const: "Hrs" }, pricePerUnit: members({ USD: TEXT }) })) }),
    ),
  }),
});
const ANSWER = "aws pricing get-products";

export default {
  id: "instance-prices",
  title: "list prices of EC2 instances",
  files: [FILE],
  source: "aws pricing get-products",
  form: "https://docs.aws.amazon.com/cli/latest/reference/pricing/get-products.html",
  async read({ source, tables }) {
    const filters = Object.entries(WANTED).map(([field, value]) => `Type=TERM_MATCH,Field=${field},Value=${value}`);
    const query = ["--region", REGION, "--service-code", "AmazonEC2", "--filters", ...filters, "--output", "json"];
    const { PriceList } = await source.commandJson(
      "aws",
      ["pricing", "get-products", ...query],
      members({ PriceList: listOf(TEXT) }),
    );
    const known = tables["data/instance-types.json"].types;
    const offered = new Map();
    for (const text of PriceList) {
      const name = source.textJson(`a product of ${ANSWER}`, text, NAME).product.attributes.instanceType;
      if (Object.hasOwn(known, name)) {
        const usd = priceOf(name, source.textJson(`${name} of ${ANSWER}`, text, PRICE));
        if ((offered.get(name) ?? usd) !== usd) {
          throw new Error(`${ANSWER} has changed its form: ${name} has the prices ${offered.get(name)} and ${usd}`);
        }
        offered.set(name, usd);
      }
    }
    const changes = Object.keys(known)
      .filter((name) => offered.has(name))
      .map((name) => ({ file: FILE, path: ["usdAnHour", name], value: offered.get(name), means: MEANS }));
    // The P3 family is sold to no new account.
    const gone = Object.keys(tables[FILE].usdAnHour).filter((name) => !offered.has(name) && !name.startsWith("p3."));
    const waiting =
      gone.length === 0
        ? []
        : [{ what: gone.join(", "), newest: "none", why: "no price is published of them any more" }];
    const cited = "AWS Price List (aws pricing get-products); p3 as in github.com/aws/karpenter-provider-aws v1.15.1";
    changes.push({ file: FILE, path: ["source"], value: cited, means: "where it was read" });
    return { changes, waiting };
  },
};

function priceOf(name, { terms }) {
  const prices = Object.values(terms.OnDemand)
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .map(({ pricePerUnit }) => Number(pricePerUnit.USD));
  if (prices.length !== 1 || !(prices[0] > 0)) {
    throw new Error(`${ANSWER} has changed its form: ${name} has the prices ${prices.join(", ")}`);
  }
  return prices[0];
}
