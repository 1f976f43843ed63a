// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What the scripts of a generated repository use of this package, which is installed there in the version that generated
 * them. Not public: it changes with the scripts.
 */
export { instancePrices } from "./config/instance-prices";
export { countedTypes, monthlyPrice, usdText } from "./config/node-price";
export { readForeignText } from "./foreign-file";
export { parseJson } from "./json-object";
export { beyondWholePlan } from "./rehearsal/partial-plan";
export { planIn } from "./rehearsal/plan-file";
export { refusedByEks } from "./rehearsal/refused-by-eks";
export { standIns } from "./rehearsal/stand-ins";
export { policyReport } from "./reports/policy-report";
